package drift;

import com.sun.source.tree.CompilationUnitTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One file: its text, its tree, and where its lines start. */
final class Source {
  final String path;
  final CompilationUnitTree unit;
  final String text;
  final Lines lines;

  Source(String path, CompilationUnitTree unit) throws IOException {
    this.path = path;
    this.unit = unit;
    this.text = unit.getSourceFile().getCharContent(true).toString();
    this.lines = new Lines(text);
  }

  /** The first `wanted` at or behind `from` that stands in no comment; -1 when there is none. */
  int find(char wanted, int from) {
    for (int at = from; at < text.length(); at++) {
      if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        at = text.indexOf("*/", at + 2) + 1;
      } else if (text.charAt(at) == wanted) {
        return at;
      }
    }
    return -1;
  }

  /** Lines and columns, both from 1; columns count UTF-16 units, so a tab is one. */
  static final class Lines {
    private final List<Integer> starts = new ArrayList<>(List.of(0));

    Lines(String text) {
      for (int at = 0; at < text.length(); at++) {
        char one = text.charAt(at);
        boolean isPair = one == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
        if (one == '\n' || (one == '\r' && !isPair)) starts.add(at + 1);
      }
    }

    int line(int offset) {
      int found = java.util.Collections.binarySearch(starts, offset);
      return found >= 0 ? found + 1 : -found - 1;
    }

    int column(int offset) {
      return offset - starts.get(line(offset) - 1) + 1;
    }

    String at(int offset) {
      return line(offset) + ":" + column(offset);
    }
  }
}
