/** The words that the reading of a clause rests on: denial, doubt, mere mention and statement. English only. Pure. */
import { stemOf } from "./clauses.ts";

/** The stems of a phrase. */
export const stems = (text: string): string[] => text.split(" ").map(stemOf);
const words = (list: string): ReadonlySet<string> => new Set(stems(list));
const phrases = (list: string): string[][] => list.split(" | ").map(stems);

export const NEGATION = words(
  "not n't never neither nor no none nobody nothing nowhere without hardly barely scarcely zero",
);
export const AUXILIARY = words(
  "is are was were be been being do does did has have had can ca could will wo would should may might must need gets got",
);
/** Verbs of which what follows is what does not happen. */
export const AVOIDING = words(
  "avoid skip bypass exclude omit lack miss spare ignore deny refute circumvent forego prevent forbid sidestep preclude",
);
/** The same in more than one word. */
export const FAILING = phrases(
  "fail to | refuse to | unable to | neglect to | decline to | forget to | no longer | short of",
);
/** Verbs of which what follows is over. */
export const ENDING = words("stop cease quit");
/** After `is` or before `that`: what is said of it is not so. */
export const FALSE = words(
  "false wrong incorrect untrue mistaken impossible excluded unaffected unchanged untouched unreachable irrelevant uninvolved " +
    "unrelated uncalled unused unharmed unscathed uninteresting immune intact inaccurate bogus unimpacted unmodified",
);
export const HEDGE = words(
  "might may maybe perhaps possibly could probably presumably likely seems appears apparently suppose guess unclear unsure " +
    "whether either potentially conceivably uncertain doubt believe think suspect assume expect bet imagine reckon " +
    "chances odds should hunch tentatively unlikely plausible plausibly possible possibility probable probability supposedly " +
    "allegedly seemingly arguably hopefully presume speculate speculation hypothesis conjecture assumption suspicion feeling " +
    "gut inclined tempted lean afaik iirc afaict imo imho ostensibly hypothetically theoretically hesitant doubtful dubious " +
    "debatable questionable unverified untested unconfirmed candidate wager fear hope anticipate estimate tend thought",
);
/** What is only looked at, written or asked about is not said to be so. */
export const NEUTRAL = words(
  "look consider check compare ask question define declare live locate stand import mention read open name rename rebase " +
    "breakpoint signature fixture document highlight write rewrite add move copy resemble written wrote see view browse inspect examine study " +
    "review scan skim grep search wonder curious discuss talk refer describe contain commit merge refactor format lint " +
    "blame author maintain introduce exist reside sit belong annotate comment docstring implement edit " +
    "recommend suggest remember recall familiar know paste quote clone download bookmark profile " +
    "yesterday ago recently month year near nearby adjacent above below beside neighbour alongside love hate prefer dislike heard " +
    "please wish thank",
);
/** What has been said to happen, so that a word of `NEUTRAL` beside it is only how it is told. */
export const STATEMENT = words(
  "call invoke enter run reach execute dispatch invocation fail failure break broke broken red regress regression crash error " +
    "callee caller stack throw dead affect impact go jump lead happen occur resolve hit",
);
/** What something is by itself, behind `is`. */
export const ATTRIBUTE = words(
  "long short large small big huge tiny old new complex complicated simple private public internal exported deprecated async " +
    "recursive generic slow fast ugly nice confusing pure static abstract overloaded interesting similar typed flat",
);
/** A phrase with a cue in it that negates nothing. */
export const HARMLESS = phrases(
  "not only | not just | not merely | nothing but | none but | no doubt | no question | no other | none other | nothing else | " +
    "no one else | nobody else | no wonder | no surprise | no matter | not surprisingly | nothing more | not to mention | " +
    "without doubt | without a doubt | without question",
);
/** Before a name: it is the one that is not meant. */
export const CONTRASTING = phrases(
  "rather than | instead of | unlike | except | except for | apart from | aside from | as opposed to | in place of | far from | " +
    "with the exception of | independent of | independently of | nothing to do with",
);
/** Such a phrase behind a word of `NEGATION` or `HARMLESS` names what is meant: "nothing except A", "no other than A". */
export const EXCEPTING = phrases(
  "other than | except | except for | apart from | aside from | besides | but for | save for",
);
/** Behind a name and an auxiliary: it is the one that is not meant. */
export const DISMISSING = phrases(
  "ruled out | out of the question | red herring | out of the picture | beside the point | the opposite | off the table",
);
/** Doubt in more than one word. */
export const DOUBTING = phrases(
  "look like | look as if | as far as | if i am | if memory | if i remember | if i recall | if i read | if i understand | " +
    "from memory | unless i | grain of salt | hard to say | hard to tell | who know | remain to be seen | i d say | i would say | " +
    "best of my | my money | quote me | in theory | in principle | at a glance | at first glance | fairly sure | pretty sure | " +
    "fairly certain | almost certain | fairly confident | pretty confident | need to check | have to check | need to verify | " +
    "sound like | feel like | strike me | something tell | my impression | my reading | open question | best guess | for all i | " +
    "as i understand | not rule out | n't rule out | n't exclude | not exclude | not be surprised | n't be surprised",
);
export const UNKNOWING = phrases(
  "not sure | not certain | not tell | not know | not clear | n't sure | n't certain | n't tell | n't know | n't clear | no idea | " +
    "not positive | not confident | not convinced | n't convinced | not entirely | not completely | not fully | not verify | " +
    "n't verify | n't verified | not verified | n't check | n't checked | not checked | n't confirm | not confirm | n't say | " +
    "not say | n't test | not tested | not obvious | n't obvious | no clue | no evidence either | not proven | n't proven | no proof | " +
    "unable to tell | unable to say | unable to confirm | n't swear | not swear | n't guarantee | not guarantee",
);
/** A new clause behind `and`: a verb with its ending, a pronoun, or a word that sets it off. */
const FRESH = /^(?:it|this|that|they|he|she|i|we|you|instead|only|just|then|so|therefore|thus|hence)$/;
/** @returns whether what follows `and` or `or` is a statement of its own rather than one more thing of a list */
export const startsAfresh = (word: string): boolean => FRESH.test(word) || /^[a-z]{2,}(?:[^s]s)$/.test(word);
