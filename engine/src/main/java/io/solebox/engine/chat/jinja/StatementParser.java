package io.solebox.engine.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses a whole template: text, output and the block tags. */
final class StatementParser {
  /** Names with a meaning in macros; a macro takes what its body reads. */
  private static final Set<String> MACRO_NAMES = Set.of("caller", "kwargs", "varargs");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final Deque<Set<String>> macroNames = new ArrayDeque<>();
  private int loops;

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, this::noteName);
  }

  /**
   * @throws TemplateFailure with a line
   */
  static List<Stmt> parse(String source) {
    StatementParser parser = new StatementParser(new TokenStream(Lexer.tokenize(source)));
    List<Stmt> body = parser.body(Set.of());
    if (!parser.tokens.at(Token.Kind.END)) {
      throw parser.tokens.unexpected("text or a tag");
    }
    return body;
  }

  private void noteName(String name) {
    if (MACRO_NAMES.contains(name)) {
      macroNames.forEach(names -> names.add(name));
    }
  }

  /** Statements up to one of the end tags, whose name is then the current token. */
  private List<Stmt> body(Set<String> ends) {
    tokens.enter();
    List<Stmt> body = new ArrayList<>();
    while (!tokens.at(Token.Kind.END)) {
      int line = tokens.current().line();
      switch (tokens.current().kind()) {
        case DATA -> body.add(new Stmt.Data(Text.written(tokens.next().text()), line));
        case OUTPUT_BEGIN -> {
          tokens.next();
          body.add(new Stmt.Output(expressions.tuple(true), line));
          tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.at(Token.Kind.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return body;
          }
          body.add(statement());
          tokens.expect(Token.Kind.BLOCK_END, "'%}'");
        }
        case OUTPUT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END ->
            throw tokens.unexpected("text or a tag");
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.unexpected("'" + String.join("' or '", ends.stream().sorted().toList()) + "'");
    }
    tokens.leave();
    return body;
  }

  /** The rest of an opening tag, then the body. */
  private List<Stmt> block(Set<String> ends) {
    tokens.skipOperator(":");
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    return body(ends);
  }

  private List<Stmt> blockTo(String end) {
    List<Stmt> body = block(Set.of(end));
    tokens.next();
    return body;
  }

  private Stmt statement() {
    Token tag = tokens.expect(Token.Kind.NAME, "the name of a tag");
    int line = tag.line();
    return switch (tag.text()) {
      case "if" -> ifStatement(line);
      case "for" -> forStatement(line);
      case "break" -> loopControl(new Stmt.Break(line));
      case "continue" -> loopControl(new Stmt.Continue(line));
      case "set" -> setStatement(line);
      case "macro" -> macroStatement(line);
      case "call" -> callStatement(line);
      case "filter" -> filterStatement(line);
      case "with" -> withStatement(line);
      case "generation" -> new Stmt.GenerationBlock(isolated("endgeneration"), line);
      case "print" -> printStatement(line);
      default -> throw new TemplateFailure("unknown tag '" + tag.text() + "'", line);
    };
  }

  /** Several expressions print one after the other. */
  private Stmt printStatement(int line) {
    List<Expr> parts = new ArrayList<>(List.of(expressions.expression()));
    while (tokens.skipOperator(",")) {
      parts.add(expressions.expression());
    }
    return new Stmt.Output(new Expr.Concat(parts), line);
  }

  private Stmt ifStatement(int line) {
    List<Stmt.Branch> branches = new ArrayList<>();
    int branchLine = line;
    String end = "elif";
    while (end.equals("elif")) {
      Expr test = expressions.tuple(false);
      branches.add(new Stmt.Branch(test, block(Set.of("elif", "else", "endif")), branchLine));
      branchLine = tokens.current().line();
      end = tokens.next().text();
    }
    List<Stmt> otherwise = end.equals("else") ? blockTo("endif") : List.of();
    return new Stmt.If(branches, otherwise, line);
  }

  private Stmt forStatement(int line) {
    Stmt.Target target = target(false);
    tokens.expectName("in");
    Expr iterable = expressions.tuple(false);
    Optional<Expr> condition =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Stmt> body = block(Set.of("endfor", "else"));
    loops--;
    List<Stmt> otherwise = tokens.next().text().equals("else") ? blockTo("endfor") : List.of();
    return new Stmt.For(target, iterable, condition, recursive, body, otherwise, line);
  }

  private Stmt loopControl(Stmt statement) {
    if (loops == 0) {
      throw new TemplateFailure("'break' and 'continue' belong in a loop", statement.line());
    }
    return statement;
  }

  private Stmt setStatement(int line) {
    Stmt.Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Stmt.Assign(target, expressions.tuple(true), line);
    }
    return new Stmt.AssignBlock(target, filterSteps(), isolated("endset"), line);
  }

  private List<Expr.FilterStep> filterSteps() {
    List<Expr.FilterStep> steps = new ArrayList<>();
    while (tokens.atOperator("|")) {
      steps.add(expressions.filterStep());
    }
    return steps;
  }

  private Stmt filterStatement(int line) {
    List<Expr.FilterStep> steps = new ArrayList<>(List.of(expressions.filterName()));
    steps.addAll(filterSteps());
    return new Stmt.FilterBlock(steps, isolated("endfilter"), line);
  }

  private Stmt withStatement(int line) {
    List<Stmt.Binding> bindings = new ArrayList<>();
    while (!tokens.at(Token.Kind.BLOCK_END)) {
      Stmt.Target target = target(false);
      tokens.expectOperator("=");
      bindings.add(new Stmt.Binding(target, expressions.expression()));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    return new Stmt.With(bindings, blockTo("endwith"), line);
  }

  /** A body that becomes a text before it is used: no jump can leave it. */
  private List<Stmt> isolated(String end) {
    int outerLoops = loops;
    loops = 0;
    List<Stmt> body = blockTo(end);
    loops = outerLoops;
    return body;
  }

  private Stmt macroStatement(int line) {
    String name = tokens.expect(Token.Kind.NAME, "the name of a macro").text();
    return new Stmt.DefineMacro(macro(name, parameters(), "endmacro"), line);
  }

  private Stmt callStatement(int line) {
    List<Stmt.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateFailure("'call' needs a call", line);
    }
    return new Stmt.CallBlock(macro("caller", parameters, "endcall"), call, line);
  }

  private Stmt.Macro macro(String name, List<Stmt.Parameter> parameters, String end) {
    Set<String> used = new HashSet<>();
    macroNames.push(used);
    List<Stmt> body = isolated(end);
    macroNames.pop();
    return new Stmt.Macro(
        name,
        parameters,
        body,
        used.contains("caller"),
        used.contains("kwargs"),
        used.contains("varargs"));
  }

  private List<Stmt.Parameter> parameters() {
    List<Stmt.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.atOperator(")")) {
      Token name = tokens.expect(Token.Kind.NAME, "the name of a parameter");
      Optional<Expr> value =
          tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      if (value.isEmpty() && !parameters.isEmpty() && parameters.getLast().hasDefault()) {
        throw new TemplateFailure("a parameter without a default after one with", name.line());
      }
      if (value.isEmpty() && name.text().equals("caller")) {
        throw new TemplateFailure("the parameter 'caller' needs a default", name.line());
      }
      parameters.add(new Stmt.Parameter(Text.written(name.text()), value));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return parameters;
  }

  /** {@code a}, {@code a, b}, {@code (a, b)} and, in {@code set}, {@code namespace.a}. */
  private Stmt.Target target(boolean withNamespace) {
    Stmt.Target first = singleTarget(withNamespace);
    if (!tokens.atOperator(",")) {
      return first;
    }
    List<Stmt.Target> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !tokens.atName("in") && !tokens.atOperator("=")) {
      parts.add(singleTarget(withNamespace));
    }
    return new Stmt.Target.Unpack(parts);
  }

  private Stmt.Target singleTarget(boolean withNamespace) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Stmt.Target inside = target(false);
      tokens.leave();
      tokens.expectOperator(")");
      return inside;
    }
    Token token = tokens.expect(Token.Kind.NAME, "the name of a variable");
    String name = token.text();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw new TemplateFailure("cannot assign to '" + name + "'", token.line());
    }
    if (withNamespace && tokens.skipOperator(".")) {
      Token attribute = tokens.expect(Token.Kind.NAME, "the name of an attribute");
      return new Stmt.Target.NamespaceAttribute(name, Text.written(attribute.text()));
    }
    return new Stmt.Target.Variable(name);
  }
}
