import type { PromptName } from '../prompt-name.ts';
import { type Line, RMS } from './voice.ts';

const phrase = (text: string): Line => ({ text, engine: RMS });
const digit = (text: string): Line => ({ text: `${text}.`, engine: RMS });

export const ENGLISH: Readonly<Record<PromptName, Line>> = {
  greeting: phrase('Hello. This is a verification call from'),
  'operator-name': phrase('Ringproof.'),
  'gate-ask': phrase('To show that you are there, please press'),
  'gate-wrong': phrase('That was not the key. Please press'),
  'gate-still-there': phrase('Are you still there? Please press'),
  'keypad-ask': phrase('Please enter the code that you see on the web page.'),
  'keypad-again': phrase('I did not hear the whole code. Please enter it again.'),
  'keypad-wrong': phrase('That code is not right. Please try again.'),
  'code-intro': phrase('Your code is'),
  'code-repeat': phrase('Again, your code is'),
  'code-last': phrase('One last time, your code is'),
  warning: phrase('Nobody will ever ask you for this code. Do not tell it to anyone.'),
  'verdict-verified': phrase('Thank you. Your number is verified.'),
  'verdict-locked': phrase('There were too many wrong codes. Please start again on the web page.'),
  'verdict-expired': phrase('The time for this code is over. Please start again on the web page.'),
  'verdict-canceled': phrase('This verification was canceled on the web page.'),
  'verdict-failed': phrase('We could not verify your number. Please start again on the web page.'),
  'no-input': phrase('I did not hear any key.'),
  goodbye: phrase('Goodbye.'),
  'digit-0': digit('zero'),
  'digit-1': digit('one'),
  'digit-2': digit('two'),
  'digit-3': digit('three'),
  'digit-4': digit('four'),
  'digit-5': digit('five'),
  'digit-6': digit('six'),
  'digit-7': digit('seven'),
  'digit-8': digit('eight'),
  'digit-9': digit('nine'),
};
