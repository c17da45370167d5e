/** What a language server writes, up to where nobody can be expected to hold it. */
import { Transform } from "node:stream";

export interface MessageLimits {
  /** Of the header of a message, and of its body. */
  headerBytes: number;
  bodyBytes: number;
  /** Of all messages. */
  totalBytes: number;
}

/** More than any server has to say about a corpus, or at a time. */
export const MESSAGE_LIMITS: MessageLimits = { headerBytes: 2 ** 17, bodyBytes: 2 ** 24, totalBytes: 2 ** 29 };

/** Passes everything on, and fails when a message says that it is larger, or there is more altogether. */
export function boundedMessages(limits: MessageLimits = MESSAGE_LIMITS): Transform {
  let [total, bodyLeft, header] = [0, 0, ""];
  const check = (chunk: Buffer): string | null => {
    total += chunk.length;
    if (total > limits.totalBytes) return `more than ${limits.totalBytes} bytes of answers`;
    for (let at = 0; at < chunk.length;) {
      const ofBody = Math.min(bodyLeft, chunk.length - at);
      bodyLeft -= ofBody;
      at += ofBody;
      if (at === chunk.length) break;
      const before = header.length;
      header += chunk.toString("latin1", at, at + limits.headerBytes);
      const end = header.indexOf(HEADER_END, Math.max(0, before - HEADER_END.length));
      if (end === -1 && header.length >= limits.headerBytes) return `a header of more than ${limits.headerBytes} bytes`;
      if (end === -1) break;
      at += end + HEADER_END.length - before;
      // Without a length the reader of messages fails by itself.
      bodyLeft = Number(/content-length: *(\d+)/i.exec(header)?.[1] ?? 0);
      header = "";
      if (bodyLeft > limits.bodyBytes) return `a message of ${bodyLeft} bytes, of ${limits.bodyBytes} at most`;
    }
    return null;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const fault = check(chunk);
      if (fault === null) done(null, chunk);
      else done(new Error(fault));
    },
  });
}

const HEADER_END = "\r\n\r\n";
