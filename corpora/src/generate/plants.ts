/** Ways to call a function, one each: text for a module, with the truth about it. */
import {
  arrow,
  defaultExport,
  direct,
  external,
  externalModule,
  importedByName,
  importedDefault,
  importedNamespace,
  reexport,
} from "./plants/modules.ts";
import { inheritance, interfaces, literal, methods } from "./plants/classes.ts";
import { callback, computed, indirect, optional, returned, stored, tagged } from "./plants/values.ts";
import type { Plant } from "./plants/parts.ts";

export type { Offer, Plant, Surroundings } from "./plants/parts.ts";

/** All of them; a module takes several, and a project of ten files has each. */
export const PLANTS: readonly Plant[] = [
  direct,
  arrow,
  importedByName,
  importedNamespace,
  importedDefault,
  reexport,
  methods,
  inheritance,
  interfaces,
  callback,
  stored,
  returned,
  computed,
  external,
  externalModule,
  indirect,
  optional,
  tagged,
  literal,
  defaultExport,
];
