import { randomInt } from 'node:crypto';

/** So many words has each language; a word is told by its place in the list. */
export const SHARED_WORD_COUNT = 32;

interface WordWish {
  readonly sayWord?: boolean;
  readonly locale: string;
}

/**
 * The words that page and call share, by language: things that everybody knows, none of which sounds like another
 * on a telephone. The page shows one and the call says its recording, so the packs are rendered from these lists.
 * A word once given to a place stays there: an operator's recordings go by the place.
 */
export const SHARED_WORDS = {
  de: words(
    'Apfel Banane Bleistift Brücke Delfin Elefant Fenster Garten Geige Hammer Honig Insel Jacke Kamel Kaninchen Kerze',
    'Klavier Laterne Löffel Mond Orange Pfeffer Rakete Blume Spiegel Teppich Tiger Walnuss Wolke Zebra Zitrone Bahnhof',
  ),
  en: words(
    'maple river candle garden window tiger piano lemon camera rocket pepper umbrella island elephant dolphin hammer',
    'jacket kitten ladder mirror orange pumpkin rabbit sailor turtle violin walnut zebra balloon flower honey bridge',
  ),
  es: words(
    'abeja bosque camisa castillo cebra cohete conejo delfín elefante escalera espejo estrella farol guitarra isla jardín',
    'lápiz limón luna manzana marinero naranja nube paraguas pelota piano pimienta puente queso reloj tigre tortuga',
  ),
  fr: words(
    'abeille baleine bateau chemise citron crayon cuisine écureuil éléphant étoile fenêtre forêt fromage fusée girafe guitare',
    'horloge jardin lanterne lune miroir montagne orange palais panier papillon piano poivre rivière tigre tortue zèbre',
  ),
  pt: words(
    'abelha borboleta camisa castelo cesta chuva elefante escada espelho estrela floresta foguete girafa golfinho guitarra jardim',
    'janela lanterna laranja limão lua marinheiro montanha nuvem piano pimenta ponte queijo relógio sapato tartaruga zebra',
  ),
  zh: words(
    '苹果 大象 月亮 火车 书包 雨伞 钢琴 蝴蝶 西瓜 熊猫 彩虹 窗户 茶杯 森林 海洋 星空',
    '飞机 老虎 牛奶 手套 灯笼 竹子 葡萄 松鼠 帆船 棉花 白云 地图 铅笔 花园 鲸鱼 沙发',
  ),
} satisfies Record<string, readonly string[]>;

/** A word for those who ask for one, each as likely as another; undefined in a language without words. */
export function drawSharedWord(request: WordWish): number | undefined {
  return wantsSharedWord(request) ? randomInt(SHARED_WORD_COUNT) : undefined;
}

export function wantsSharedWord({ sayWord = false, locale }: WordWish): boolean {
  return sayWord && sharedWord(locale, 0) !== undefined;
}

/** The word at this place; undefined in a language without words. */
export function sharedWord(locale: string, place: number): string | undefined {
  const lists: Readonly<Record<string, readonly string[]>> = SHARED_WORDS;
  return lists[locale]?.[place];
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
