import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { alphabet } from './letters.ts';
import { espeak, type Line, type Lines, type Vocabulary } from './voice.ts';

/**
 * Spoken by espeak-ng's Mandarin in the variant that has the widest range of pitch, eight semitones: the tones tell
 * words, and digits, apart. Read from pinyin, with the tones as they are spoken: the engine's dictionary does not know which reading of
 * a character is meant (重新 is chóng, not zhòng), nor that 不对 is spoken bú.
 */
const VOICE = 'cmn-latn-pinyin+Annie';
const PHRASE = espeak({ voice: VOICE, speed: 165, pitch: 45 });
const DIGIT = espeak({ voice: VOICE, speed: 115, pitch: 45 });

/** Latin letters have their English names. */
const LETTER = espeak({ voice: 'en-us+Annie', speed: 115, pitch: 45 });

const phrase = (text: string, spelt: string): Line => ({ text, spelt, engine: PHRASE });
const digit = (text: string, spelt: string): Line => ({ text, spelt, engine: DIGIT });

const START_AGAIN = 'qing3 zai4 wang3ye4 shang5 chong2xin1 kai1shi3';

export const MANDARIN: Lines = {
  greeting: phrase('您好，这是验证电话，来自', 'nin2hao3, zhe4 shi4 yan4zheng4 dian4hua4 lai2zi4'),
  // `cmn` reads Latin letters as English.
  'operator-name': { text: 'Ringproof', engine: espeak({ voice: 'cmn+Annie', speed: 140, pitch: 45 }) },
  'gate-ask': phrase('为了确认您正在接听，请按', 'wei4le5 que4ren4 nin2 zheng4zai4 jie1ting1, qing3 an4'),
  'gate-wrong': phrase('按键不对，请按', 'an4jian4 bu2dui4, qing3 an4'),
  'gate-still-there': phrase('您还在吗？请按', 'nin2 hai2 zai4 ma5? qing3 an4'),
  'keypad-ask': phrase('请输入网页上显示的验证码。', 'qing3 shu1ru4 wang3ye4 shang5 xian3shi4 de5 yan4zheng4ma3.'),
  'keypad-again': phrase(
    '没有听到完整的验证码，请重新输入。',
    'mei2you3 ting1dao4 wan2zheng3 de5 yan4zheng4ma3, qing3 chong2xin1 shu1ru4.',
  ),
  'keypad-wrong': phrase('验证码不对，请再试一次。', 'yan4zheng4ma3 bu2dui4, qing3 zai4 shi4 yi2ci4.'),
  'code-intro': phrase('您的验证码是', 'nin2de5 yan4zheng4ma3 shi4'),
  'code-repeat': phrase('再说一遍，您的验证码是', 'zai4 shuo1 yi2bian4, nin2de5 yan4zheng4ma3 shi4'),
  'code-last': phrase('最后一遍，您的验证码是', 'zui4hou4 yi2bian4, nin2de5 yan4zheng4ma3 shi4'),
  warning: phrase(
    '没有人会向您索要验证码，请不要告诉任何人。',
    'mei2you3 ren2 hui4 xiang4 nin2 suo3yao4 yan4zheng4ma3, qing3 bu2yao4 gao4su5 ren4he2 ren2.',
  ),
  'verdict-verified': phrase('谢谢，您的号码已通过验证。', 'xie4xie5, nin2de5 hao4ma2 yi3 tong1guo4 yan4zheng4.'),
  'verdict-locked': phrase('错误次数太多，请在网页上重新开始。', `cuo4wu4 ci4shu4 tai4 duo1, ${START_AGAIN}.`),
  'verdict-expired': phrase('验证码已过期，请在网页上重新开始。', `yan4zheng4ma2 yi3 guo4qi1, ${START_AGAIN}.`),
  'verdict-canceled': phrase('本次验证已在网页上取消。', 'ben3ci4 yan4zheng4 yi3 zai4 wang3ye4 shang5 qu3xiao1.'),
  'verdict-failed': phrase(
    '无法验证您的号码，请在网页上重新开始。',
    `wu2fa3 yan4zheng4 nin2de5 hao4ma3, ${START_AGAIN}.`,
  ),
  'no-input': phrase('没有听到按键。', 'mei2you3 ting1dao4 an4jian4.'),
  'report-hint': phrase('如果不是您要求的来电，请按', 'ru2guo3 bu2shi4 nin2 yao1qiu2 de5 lai2dian4, qing3 an4'),
  'report-done': phrase(
    '感谢您的告知，我们不会再拨打这个号码。',
    'gan3xie4 nin2de5 gao4zhi1, wo3men5 bu2hui4 zai4 bo1da3 zhe4ge5 hao4ma3.',
  ),
  'repeat-hint': phrase('再听一遍，请按星号键。', 'zai4 ting1 yi2bian4, qing3 an4 xing1hao4 jian4.'),
  'word-intro': phrase('您的网页上显示的词是', 'nin2de5 wang3ye4 shang5 xian3shi4 de5 ci2 shi4'),
  'dial-in-unknown': phrase(
    '没有等待您这个号码的来电，请核对网页上的号码。',
    'mei2you3 deng3dai4 nin2 zhe4ge5 hao4ma3 de5 lai2dian4, qing3 he2dui4 wang3ye4 shang5 de5 hao4ma3.',
  ),
  'dial-in-withheld': phrase(
    '您的号码被隐藏，请显示号码后再拨打。',
    'nin2de5 hao4ma3 bei4 yin3cang2, qing3 xian3shi4 hao4ma3 hou4 zai4 bo1da3.',
  ),
  'dial-in-no-code': phrase(
    '您这个号码的验证码已失效，请在网页上重新开始。',
    `nin2 zhe4ge5 hao4ma3 de5 yan4zheng4ma2 yi3 shi1xiao4, ${START_AGAIN}.`,
  ),
  'trunk-test': phrase(
    '这是测试电话，请依次按一、二、三。',
    'zhe4 shi4 ce4shi4 dian4hua4, qing3 yi1ci4 an4 yi1, er4, san1.',
  ),
  goodbye: phrase('再见。', 'zai4jian4.'),
  'payment-intro': phrase('您正在批准一笔付款，金额为', 'nin2 zheng4zai4 pi1zhun3 yi4bi3 fu4kuan3, jin1e2 wei2'),
  'payee-intro': phrase('收款方是', 'shou1kuan3fang1 shi4'),
  'decimal-point': digit('点', 'dian3.'),
  'currency-aud': digit('澳元', 'ao4yuan2.'),
  'currency-brl': digit('巴西雷亚尔', 'ba1xi1 lei2ya4er3.'),
  'currency-cad': digit('加元', 'jia1yuan2.'),
  'currency-chf': digit('瑞士法郎', 'rui4shi4 fa3lang2.'),
  'currency-cny': digit('元人民币', 'yuan2 ren2min2bi4.'),
  'currency-eur': digit('欧元', 'ou1yuan2.'),
  'currency-gbp': digit('英镑', 'ying1bang4.'),
  'currency-inr': digit('印度卢比', 'yin4du4 lu2bi3.'),
  'currency-jpy': digit('日元', 'ri4yuan2.'),
  'currency-mxn': digit('墨西哥比索', 'mo4xi1ge1 bi3suo3.'),
  'currency-sek': digit('瑞典克朗', 'rui4dian3 ke4lang3.'),
  'currency-usd': digit('美元', 'mei3yuan2.'),
  'digit-0': digit('零', 'ling2.'),
  'digit-1': digit('一', 'yi1.'),
  'digit-2': digit('二', 'er4.'),
  'digit-3': digit('三', 'san1.'),
  'digit-4': digit('四', 'si4.'),
  'digit-5': digit('五', 'wu3.'),
  'digit-6': digit('六', 'liu4.'),
  'digit-7': digit('七', 'qi1.'),
  'digit-8': digit('八', 'ba1.'),
  'digit-9': digit('九', 'jiu3.'),
};

/** How each of the shared words is spoken. */
const PINYIN: Readonly<Record<string, string>> = {
  苹果: 'ping2guo3',
  大象: 'da4xiang4',
  月亮: 'yue4liang5',
  火车: 'huo3che1',
  书包: 'shu1bao1',
  雨伞: 'yu2san3',
  钢琴: 'gang1qin2',
  蝴蝶: 'hu2die2',
  西瓜: 'xi1gua1',
  熊猫: 'xiong2mao1',
  彩虹: 'cai3hong2',
  窗户: 'chuang1hu5',
  茶杯: 'cha2bei1',
  森林: 'sen1lin2',
  海洋: 'hai3yang2',
  星空: 'xing1kong1',
  飞机: 'fei1ji1',
  老虎: 'lao2hu3',
  牛奶: 'niu2nai3',
  手套: 'shou3tao4',
  灯笼: 'deng1long5',
  竹子: 'zhu2zi5',
  葡萄: 'pu2tao5',
  松鼠: 'song1shu3',
  帆船: 'fan1chuan2',
  棉花: 'mian2hua5',
  白云: 'bai2yun2',
  地图: 'di4tu2',
  铅笔: 'qian1bi3',
  花园: 'hua1yuan2',
  鲸鱼: 'jing1yu2',
  沙发: 'sha1fa1',
};

export const MANDARIN_VOCABULARY: Vocabulary = {
  words: SHARED_WORDS.zh.map((word) => digit(word, `${pinyinOf(word)}.`)),
  letters: alphabet('A B C D E F G H I J K L M N O P Q R S T U V W X Y Z', (text) => ({
    text,
    spelt: `${text}.`,
    engine: LETTER,
  })),
};

function pinyinOf(word: string): string {
  const pinyin = PINYIN[word];
  if (pinyin === undefined) throw new TypeError(`There is no pinyin for the shared word ${word}`);
  return pinyin;
}
