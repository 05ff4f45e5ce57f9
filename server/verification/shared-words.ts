import { randomInt } from 'node:crypto';
import { VerificationError } from './errors.ts';
import type { Voice } from './ports.ts';

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

/** The voices of our own prompt packs. */
export const OUR_VOICES: readonly Voice[] = Object.entries(SHARED_WORDS).map(([locale, list]) => ({
  locale,
  words: list,
}));

/** A word that page and call share, and its place in the list of its language. */
export interface SharedWord {
  readonly place: number;
  readonly text: string;
}

/**
 * A word for those who ask for one, each as likely as another.
 * @throws VerificationError `unknown_locale` where no voice could say one
 */
export function drawSharedWord(
  { sayWord = false, locale }: WordWish,
  voices: readonly Voice[],
): SharedWord | undefined {
  if (!sayWord) return undefined;
  const { words: list = [] } = voices.find((voice) => voice.locale === locale) ?? {};
  const place = list.length === 0 ? 0 : randomInt(list.length);
  const text = list[place];
  if (text !== undefined) return { place, text };
  throw new VerificationError('unknown_locale', 'There is no voice for this language', { field: '/locale' });
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
