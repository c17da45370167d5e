/** Names for what is renamed: as long as the old ones, so that nothing moves, and of their style. */
import type { Dice } from "../generate/module-builder.ts";

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";
/** So often is a meaningless name tried that is taken already; short names run out. */
const TRIES = 200;

/**
 * A name that means nothing, of the length and style of another: capitals, underscores and digits stay where they are.
 *
 * @returns null when all that were tried are taken
 */
export function meaninglessName(name: string, dice: Dice, isTaken: (name: string) => boolean): string | null {
  for (let tried = 0; tried < TRIES; tried += 1) {
    let isVowel = dice.below(2) === 1;
    const made = name.replaceAll(/[A-Za-z]/g, (letter) => {
      isVowel = !isVowel;
      const drawn = dice.pick([...(isVowel ? VOWELS : CONSONANTS)]);
      return letter <= "Z" ? drawn.toUpperCase() : drawn;
    });
    if (made !== name && !isTaken(made)) return made;
  }
  return null;
}

/** The words that a name is put together from, in small letters. */
export function partsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)?.map((part) => part.toLowerCase()) ?? [];
}

/**
 * A name of the length and style of another, put together from words of other names.
 *
 * @param words of two letters and more, by their length
 * @returns null when all that were tried are taken, or no word has another of its length
 */
export function composedName(
  name: string,
  words: ReadonlyMap<number, readonly string[]>,
  dice: Dice,
  isTaken: (name: string) => boolean,
): string | null {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const made = name.replaceAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g, (part) => {
      const others = words.get(part.length) ?? [];
      const drawn = others.length === 0 ? part : dice.pick(others);
      return Array.from(drawn, (letter, at) => ((part[at] ?? "") <= "Z" ? letter.toUpperCase() : letter)).join("");
    });
    if (made !== name && !isTaken(made)) return made;
  }
  return null;
}

/** What names have to have in common to stand for each other: length, marks in front, capitals at the beginning or throughout. */
export function styleOf(name: string): string {
  const [, marks = "", rest = ""] = /^([#_$]*)(.*)$/s.exec(name) ?? [];
  const isCapital = /^[A-Z]/.test(rest);
  const isLoud = isCapital && rest.length > 1 && rest === rest.toUpperCase();
  return `${marks} ${isLoud ? "LOUD" : isCapital ? "Capital" : "small"} ${name.length}`;
}

/** The same in a drawn order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const all = [...items];
  for (let left = all.length - 1; left > 0; left -= 1) {
    const other = dice.below(left + 1);
    [all[left], all[other]] = [all[other] as T, all[left] as T];
  }
  return all;
}
