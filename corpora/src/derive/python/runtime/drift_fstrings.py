"""f-strings before Python 3.12, whose trees have wrong positions inside."""

import ast
import io
import tokenize


def mend_formatted(tree, text):
    """Gives the nodes inside f-strings their true positions. Raises SyntaxError for one that is not understood."""
    outermost = _outermost_formatted(tree)
    if not outermost:
        return
    lines = io.StringIO(text, newline=None).read().split("\n")
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline)
        if token.type == tokenize.STRING and "f" in _prefix(token.string).lower()
    ]
    position = 0
    for node in outermost:
        start = (node.lineno, _characters(lines, node.lineno, node.col_offset))
        end = (node.end_lineno, _characters(lines, node.end_lineno, node.end_col_offset))
        while position < len(tokens) and tokens[position].start < start:
            position += 1
        fields = []
        while position < len(tokens) and tokens[position].start < end:
            fields.extend(_fields_of(tokens[position]))
            position += 1
        holders = list(_holders(node))
        if len(fields) != len(holders):
            raise SyntaxError(f"line {node.lineno}: an f-string is not understood")
        for holder, (line, column, expression) in zip(holders, fields):
            holder.value = _expression_at(expression, line, column, lines, holder.value)


def _outermost_formatted(tree):
    found = []
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.JoinedStr):
            # Without a call or a definition inside nobody asks for positions.
            if any(isinstance(inner, (ast.Call, ast.Lambda)) for inner in ast.walk(node)):
                found.append(node)
            continue
        pending.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _holders(node):
    """The replacement fields of a JoinedStr in the order of the text, those inside format specifications too."""
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            yield value
            if value.format_spec is not None:
                yield from _holders(value.format_spec)


def _prefix(string):
    return string[: min(string.find(quote) for quote in "'\"" if quote in string)]


def _characters(lines, line, byte_column):
    return len(lines[line - 1].encode("utf-8")[:byte_column].decode("utf-8"))


def _fields_of(token):
    """(line, character column, text) of every expression in the replacement fields of one string token."""
    string = token.string
    prefix = _prefix(string)
    quotes = 3 if string[len(prefix) :].startswith(('"""', "'''")) else 1
    found = []
    _scan(string, len(prefix) + quotes, len(string) - quotes, "r" in prefix.lower(), 0, found)
    for start, end in found:
        before = string[:start]
        line = token.start[0] + before.count("\n")
        column = start - (before.rfind("\n") + 1) + (token.start[1] if "\n" not in before else 0)
        yield line, column, string[start:end]


def _scan(string, index, end, raw, depth, found):
    """Reads literal text up to `end`, or inside a format specification up to its "}"; returns where it stopped."""
    while index < end:
        character = string[index]
        if character == "\\" and not raw and not depth:
            if string.startswith("\\N{", index):
                index = string.index("}", index) + 1
            else:
                index += 1 if string[index + 1] == "{" else 2
        elif character == "{":
            if not depth and string[index + 1] == "{":
                index += 2
            else:
                index = _scan_field(string, index + 1, end, raw, depth, found)
        elif character == "}":
            if depth:
                return index
            index += 2
        else:
            index += 1
    return index


def _scan_field(string, start, end, raw, depth, found):
    index = start
    nesting = 0
    quote = None
    while index < end:
        character = string[index]
        if quote is not None:
            if string.startswith(quote, index):
                index += len(quote)
                quote = None
            else:
                index += 1
            continue
        if character in "'\"":
            quote = string[index : index + 3] if string.startswith(character * 3, index) else character
            index += len(quote)
            continue
        if character in "([{":
            nesting += 1
        elif character in ")]}" and nesting:
            nesting -= 1
        elif character == "}":
            break
        elif not nesting and character in "!:=<>":
            if character != ":" and string[index + 1] == "=":
                index += 1
            elif character not in "<>":
                break
        index += 1
    found.append((start, index))
    while string[index] not in ":}":
        index += 1
    if string[index] == ":":
        index = _scan(string, index + 1, end, raw, depth + 1, found)
    return index + 1


def _expression_at(expression, line, column, lines, original):
    mended = ast.parse(f"({expression})", mode="eval")
    mend_formatted(mended, f"({expression})")
    if ast.dump(mended.body) != ast.dump(original):
        raise SyntaxError(f"line {line}: an f-string is not understood")
    # One for the parenthesis that was put before it.
    shift = len(lines[line - 1][:column].encode("utf-8")) - 1
    for node in ast.walk(mended.body):
        if not hasattr(node, "lineno"):
            continue
        if node.lineno == 1:
            node.col_offset += shift
        if node.end_lineno == 1:
            node.end_col_offset += shift
        node.lineno += line - 1
        node.end_lineno += line - 1
    return mended.body
