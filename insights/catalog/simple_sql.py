"""Reads the SQL that most definitions are made of, without loading a SQL library; anything else is NotSimple and goes to `any_sql`.

What it accepts means the same in every dialect that is read and in the emitters' own: arithmetic, comparison, CASE, a few portable functions, and
(for metrics) the plain aggregates.
"""

from __future__ import annotations

from insights.catalog.pieces import Additivity, MetricScope, Piece, aggregation, combined, divided
from insights.catalog.scopes import ExpressionError, Parts, Scope, found, joined, listing
from insights.catalog.tokens import NotSimple, is_name, tokens_of, unquoted
from insights.errors import nearest
from insights.lake.source import Kind
from insights.requests import AggregateFunction

_AGGREGATES: dict[str, AggregateFunction] = {"SUM": "sum", "AVG": "avg", "MEDIAN": "median", "MIN": "min", "MAX": "max", "COUNT": "count"}
_FUNCTIONS: dict[str, tuple[int, int, Kind | None]] = {
    # name: fewest and most arguments, kind of the result (None: that of the first argument)
    "ABS": (1, 1, "number"),
    "CEIL": (1, 1, "number"),
    "COALESCE": (2, 9, None),
    "FLOOR": (1, 1, "number"),
    "LOWER": (1, 1, "text"),
    "MAKE_DATE": (3, 3, "date"),
    "NULLIF": (2, 2, None),
    "ROUND": (1, 2, "number"),
    "TRIM": (1, 1, "text"),
    "UPPER": (1, 1, "text"),
}
_TYPES: dict[str, Kind] = {"BIGINT": "number", "BOOLEAN": "boolean", "DATE": "date", "INTEGER": "number", "TIMESTAMP": "timestamp", "VARCHAR": "text"}
_UNITS = ("YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE")
_BINDING = {"OR": 1, "AND": 2, "=": 4, "<>": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "IS": 4, "IN": 4, "BETWEEN": 4, "LIKE": 4, "NOT": 4, "||": 5}
_BINDING |= {"+": 6, "-": 6, "*": 7, "/": 7, "%": 7}
_NOT, _UNARY = 3, 8
_DEEPEST = 40


def read_row(text: str, scope: Scope, *, portable: bool = True) -> Piece:
    """Row-level SQL. `portable` False (a named dialect) accepts only what needs no knowledge of its quoting and functions.

    Raises NotSimple, and ExpressionError for names that do not exist.
    """
    return _Reader(text, scope, None, portable).whole()


def read_metric(text: str, scope: MetricScope, *, portable: bool = True) -> Piece:
    """Arithmetic over aggregates and metrics; raises as `read_row` does."""
    return _Reader(text, scope.fields, scope, portable).whole()


class _Reader:
    """Operator precedence by binding strength; every method returns the piece it has read, and text is written out as it is read."""

    def __init__(self, text: str, scope: Scope, metric: MetricScope | None, portable: bool) -> None:
        self._scope = scope
        self._metric = metric
        self._portable = portable
        self._tokens = tokens_of(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Piece:
        piece = self._expression(0)
        self._expect("")
        return piece

    @property
    def _next(self) -> str:
        return self._tokens[self._at]

    def _take(self) -> str:
        token = self._tokens[self._at]
        if not token:
            raise NotSimple  # it ends where something is expected
        self._at += 1
        return token

    def _accept(self, *tokens: str) -> bool:
        wanted = tuple(token.upper() for token in self._tokens[self._at : self._at + len(tokens)])
        if wanted == tokens:
            self._at += len(tokens)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise NotSimple

    def _expression(self, binding: int) -> Piece:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotSimple
        left = self._prefix()
        while True:
            operator = self._next.upper()
            strength = _BINDING.get(operator, -1)
            if strength <= binding:
                self._depth -= 1
                return left
            self._take()
            left = self._infix(left, operator, strength)

    def _prefix(self) -> Piece:
        word = self._take()
        upper = word.upper()
        if word == "(":
            inner = self._expression(0)
            self._expect(")")
            return Piece(joined("(", inner.parts, ")"), inner.kind, inner.additivity)
        if word in ("-", "+"):
            inner = self._expression(_UNARY)
            if isinstance(inner.parts[0], str) and inner.parts[0][:1] in ("+", "-"):
                raise NotSimple  # two minus signs would start a comment
            return Piece(joined(word, inner.parts), "number", inner.additivity)
        if upper == "NOT":
            return Piece(joined("NOT ", self._expression(_NOT).parts), "boolean")
        if word[:1].isdigit() or word[:1] == ".":
            return Piece((word,), "number", "constant")
        if word.startswith("'"):
            self._portably()
            return Piece((word,), "text", "constant")
        if upper in ("TRUE", "FALSE", "NULL"):
            return Piece((upper,), "unknown" if upper == "NULL" else "boolean", "constant")
        return self._named(word, upper)

    def _named(self, word: str, upper: str) -> Piece:
        if upper == "CASE":
            return self._case()
        if upper in ("DATE", "TIMESTAMP") and self._next.startswith("'"):
            self._portably()
            return Piece((f"{upper} {self._take()}",), "date" if upper == "DATE" else "timestamp", "constant")
        if self._next == "(" and not word.startswith('"'):
            return self._call(upper)
        if not is_name(word):
            raise NotSimple
        path = [word]
        while self._accept("."):
            if not is_name(self._next, dotted=True):
                raise NotSimple
            path.append(self._take())
        return self._reference(tuple(unquoted(part) for part in path))

    def _reference(self, path: tuple[str, ...]) -> Piece:
        if self._metric is None:
            named = self._scope.resolve(path)
            return Piece(named.parts, named.kind)
        other = self._metric.metric(path[0]) if len(path) == 1 else None
        if other is not None:
            formula, additive = other
            return Piece(joined("(", formula, ")") if len(formula) > 1 else formula, "number", "sum" if additive else "other")
        self._scope.resolve(path)
        raise ExpressionError(f"'{'.'.join(path)}' stands outside an aggregate.", f"Write SUM({'.'.join(path)}) or another aggregate of it.")

    def _infix(self, left: Piece, operator: str, strength: int) -> Piece:
        if operator in ("IS", "IN", "BETWEEN", "LIKE", "NOT"):
            return Piece(joined(left.parts, self._predicate(operator)), "boolean")
        right = self._expression(strength)
        if operator == "/":
            parts = joined(left.parts, " / ", right.parts) if right.guarded else divided(left.parts, right.parts)
            return Piece(parts, "number", left.additivity if right.additivity == "constant" else "other")
        if strength >= 6 and {left.kind, right.kind} & {"date", "timestamp", "text"}:
            raise NotSimple  # what a date plus a number means depends on the dialect
        parts = joined(left.parts, f" {operator} ", right.parts)
        if strength <= 4:
            return Piece(parts, "boolean")
        return Piece(parts, "text" if operator == "||" else "number", combined(operator, left.additivity, right.additivity))

    def _predicate(self, operator: str) -> Parts:
        negated = "NOT " if operator == "NOT" else ""
        operator = self._take().upper() if negated else operator
        if operator == "IS" and not negated:
            word = "IS NOT " if self._accept("NOT") else "IS "
            if self._next.upper() not in ("NULL", "TRUE", "FALSE"):
                raise NotSimple
            return (f" {word}{self._take().upper()}",)
        if operator == "LIKE":
            return joined(f" {negated}LIKE ", self._expression(5).parts)
        if operator == "BETWEEN":
            low = self._expression(5)
            self._expect("AND")
            return joined(f" {negated}BETWEEN ", low.parts, " AND ", self._expression(5).parts)
        if operator == "IN" and self._accept("("):
            return joined(f" {negated}IN (", *self._list(), ")")
        raise NotSimple

    def _list(self) -> tuple[str | Parts, ...]:
        """Expressions between commas, up to and with the closing parenthesis."""
        pieces: list[str | Parts] = [self._expression(0).parts]
        while self._accept(","):
            pieces += [", ", self._expression(0).parts]
        self._expect(")")
        return tuple(pieces)

    def _case(self) -> Piece:
        self._portably()
        subject: Parts = () if self._next.upper() == "WHEN" else joined(" ", self._expression(0).parts)
        pieces: list[str | Parts] = ["CASE", subject]
        kinds: list[Kind] = []
        while self._accept("WHEN"):
            condition = self._expression(0)
            self._expect("THEN")
            result = self._expression(0)
            kinds.append(result.kind)
            pieces += [" WHEN ", condition.parts, " THEN ", result.parts]
        if not kinds:
            raise NotSimple
        if self._accept("ELSE"):
            otherwise = self._expression(0)
            kinds.append(otherwise.kind)
            pieces += [" ELSE ", otherwise.parts]
        self._expect("END")
        return Piece(joined(*pieces, " END"), next((kind for kind in kinds if kind != "unknown"), "unknown"))

    def _call(self, name: str) -> Piece:
        self._expect("(")
        if name in _AGGREGATES:
            return self._aggregate(_AGGREGATES[name])
        self._portably()
        if name in ("CAST", "TRY_CAST"):
            return self._cast(name)
        if name == "EXTRACT":
            unit = self._take().upper()
            self._expect("FROM")
            inner = self._expression(0)
            self._expect(")")
            if unit not in _UNITS:
                raise NotSimple
            return Piece(joined(f"EXTRACT({unit} FROM ", inner.parts, ")"), "number")
        return self._function(name)

    def _function(self, name: str) -> Piece:
        if name not in _FUNCTIONS:
            raise NotSimple
        fewest, most, kind = _FUNCTIONS[name]
        arguments = [self._expression(0)]
        while self._accept(","):
            arguments.append(self._expression(0))
        self._expect(")")
        if not fewest <= len(arguments) <= most:
            raise NotSimple
        pieces: list[str | Parts] = []
        for argument in arguments:
            pieces += [", ", argument.parts]
        first = arguments[0]
        additivity: Additivity = first.additivity if name == "COALESCE" and all(a.parts == ("0",) for a in arguments[1:]) else "other"
        guarded = name == "NULLIF" and arguments[1].parts == ("0",)
        return Piece(joined(f"{name}(", *pieces[1:], ")"), kind or first.kind, additivity, guarded)

    def _cast(self, name: str) -> Piece:
        inner = self._expression(0)
        self._expect("AS")
        target = self._take().upper()
        self._expect(")")
        if target not in _TYPES:
            raise NotSimple
        return Piece(joined(f"{name}(", inner.parts, f" AS {target})"), _TYPES[target])

    def _aggregate(self, function: AggregateFunction) -> Piece:
        scope = self._metric
        if scope is None:
            raise ExpressionError(f"{function.upper()} is an aggregate; only one row can be read here.", "Make it a metric.")
        self._metric = None
        operand, dataset = self._operand(function, scope)
        if function == "count" and operand is not None and operand[:1] == ("DISTINCT ",):
            function, operand = "count_distinct", operand[1:]
        where = None
        if self._accept("FILTER", "(", "WHERE"):
            where = self._expression(0).parts
            self._expect(")")
        self._metric = scope
        made = aggregation(function, operand, where, dataset=dataset)
        return Piece((made,), "number", "sum" if function in ("sum", "count") else "other")

    def _operand(self, function: AggregateFunction, scope: MetricScope) -> tuple[Parts | None, str | None]:
        """What is aggregated, and for counted rows of which dataset."""
        if function == "count" and (self._accept("*", ")") or self._accept("1", ")")):
            return None, scope.rows
        if function == "count" and is_name(self._next) and self._tokens[self._at + 1 : self._at + 4] == [".", "*", ")"]:
            self._portably()  # elsewhere this leaves out rows that hold a NULL
            name = unquoted(self._take())
            self._at += 3
            dataset = found(name, scope.datasets)
            if dataset is None:
                raise ExpressionError(f"the dataset '{name}' does not exist.", nearest(name, scope.datasets) or listing(scope.datasets))
            return None, dataset
        distinct = self._accept("DISTINCT")
        if distinct and function != "count":
            raise NotSimple
        operand = self._expression(0).parts
        self._expect(")")
        return (("DISTINCT ", *operand) if distinct else operand), None

    def _portably(self) -> None:
        if not self._portable:
            raise NotSimple
