/** The JSON Schema of everything that crosses a process or a file; `npm run gen` writes them beside this file. */
import { z } from "zod";
import {
  Answer,
  ChangesAnswer,
  ChoicesAnswer,
  ContextsAnswer,
  ProposalsAnswer,
  PropositionsAnswer,
  RefinementsAnswer,
} from "./answer.ts";
import { CalibrationOutput, FittedTable } from "./calibration.ts";
import { CalibrationLine, CalibrationLines } from "./calibration-lines.ts";
import { ListOutput, RunOutput } from "./cli-output.ts";
import { ChoiceTask } from "./choice.ts";
import { ContextTask } from "./context.ts";
import { CoverageOutput } from "./coverage.ts";
import { FreeTextAnswer, FreeTextOutput, FreeTextRubric, FreeTextValidation } from "./free-text.ts";
import { FreeTextStudy } from "./free-text-study.ts";
import { FreshRecord } from "./fresh.ts";
import { ItemsOutput } from "./items.ts";
import { ItemRecord } from "./item-record.ts";
import { Prediction, ToolRequest } from "./protocol.ts";
import { Ranking } from "./ranking.ts";
import { Reading, ReadingOutput } from "./reading.ts";
import { AgreementOutput, ItemScore, Rating, Study } from "./rating.ts";
import { RefinementTask } from "./refinement.ts";
import { Report } from "./report.ts";
import { CompareOutput, RescoreOutput, VerifyOutput } from "./rescore.ts";
import { ResolutionOutput } from "./resolution.ts";
import { RobustnessRecord } from "./robustness.ts";
import { SeedProtocolOutput } from "./seed-protocol.ts";
import { SelfCheckResult } from "./self-check.ts";
import { SuiteAuditOutput, SuiteErrata, SuiteOutput } from "./suite.ts";
import { ValidateOutput } from "./validate.ts";
import { CallGraphTask, ChangeTask, PropositionTask, RuleTask } from "./task.ts";

const PUBLIC_SCHEMAS = {
  "call-graph-task": CallGraphTask,
  "change-task": ChangeTask,
  "proposition-task": PropositionTask,
  "rule-task": RuleTask,
  answer: Answer,
  "changes-answer": ChangesAnswer,
  "propositions-answer": PropositionsAnswer,
  "proposals-answer": ProposalsAnswer,
  "choice-task": ChoiceTask,
  "choices-answer": ChoicesAnswer,
  "context-task": ContextTask,
  "contexts-answer": ContextsAnswer,
  "refinement-task": RefinementTask,
  "refinements-answer": RefinementsAnswer,
  "tool-request": ToolRequest,
  prediction: Prediction,
  "item-record": ItemRecord,
  report: Report,
  ranking: Ranking,
  "run-output": RunOutput,
  "list-output": ListOutput,
  "rescore-output": RescoreOutput,
  "compare-output": CompareOutput,
  "verify-output": VerifyOutput,
  "validate-output": ValidateOutput,
  "self-check-result": SelfCheckResult,
  "resolution-output": ResolutionOutput,
  "coverage-output": CoverageOutput,
  "items-output": ItemsOutput,
  "seed-protocol-output": SeedProtocolOutput,
  "fresh-record": FreshRecord,
  "robustness-record": RobustnessRecord,
  "suite-errata": SuiteErrata,
  "suite-output": SuiteOutput,
  "suite-audit": SuiteAuditOutput,
  "calibration-table": FittedTable,
  "calibration-output": CalibrationOutput,
  "calibration-line": CalibrationLine,
  "calibration-lines": CalibrationLines,
  reading: Reading,
  "reading-output": ReadingOutput,
  study: Study,
  rating: Rating,
  "item-score": ItemScore,
  "agreement-output": AgreementOutput,
  "free-text-rubric": FreeTextRubric,
  "free-text-answer": FreeTextAnswer,
  "free-text-output": FreeTextOutput,
  "free-text-study": FreeTextStudy,
  "free-text-validation": FreeTextValidation,
} as const satisfies Record<string, z.ZodType>;

/** File name below `src/schema/json/` to its content (JSON Schema draft 2020-12). */
export function jsonSchemas(): Map<string, unknown> {
  return new Map(
    Object.entries(PUBLIC_SCHEMAS).map(([name, schema]) => [
      `${name}.schema.json`,
      { title: name, ...z.toJSONSchema(schema) },
    ]),
  );
}
