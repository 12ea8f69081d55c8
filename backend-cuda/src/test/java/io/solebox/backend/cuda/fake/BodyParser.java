package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxFile.KernelSource;
import io.solebox.backend.cuda.fake.PtxFile.Parameter;
import io.solebox.backend.cuda.fake.PtxFile.Variable;
import io.solebox.backend.cuda.fake.PtxLexer.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a kernel's body. Registers of an inner block, as inline assembly has them, get own names.
 */
final class BodyParser {
  private final PtxParser in;
  private final String name;
  private final List<Parameter> parameters;
  private final int maxThreads;
  private final List<Variable> shared;
  private final Map<String, Type> registers = new HashMap<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Statement> statements = new ArrayList<>();

  /** Declared name to unique name, innermost block first. */
  private final Deque<Map<String, String>> scopes = new ArrayDeque<>();

  private int blocks;

  BodyParser(
      PtxParser in,
      String name,
      List<Parameter> parameters,
      List<Variable> moduleShared,
      int maxThreads) {
    this.in = in;
    this.name = name;
    this.parameters = parameters;
    this.shared = new ArrayList<>(moduleShared);
    this.maxThreads = maxThreads;
  }

  KernelSource parse() {
    scopes.push(new HashMap<>());
    while (!scopes.isEmpty()) {
      item();
    }
    return new KernelSource(name, parameters, registers, shared, statements, labels, maxThreads);
  }

  private void item() {
    Token token = in.take();
    switch (token.text()) {
      case "{" -> {
        blocks++;
        scopes.push(new HashMap<>());
      }
      case "}" -> scopes.pop();
      case ";" -> {}
      case ".reg" -> declareRegisters();
      case ".shared" -> shared.add(in.variable());
      case ".pragma", ".loc" -> skipTo(";");
      case "@" -> guarded();
      default -> {
        if (in.accept(":")) {
          labels.put(token.text(), statements.size());
        } else if (token.text().startsWith(".")) {
          throw new PtxException(token.line(), "not supported: " + token.text());
        } else {
          statement("", false, token);
        }
      }
    }
  }

  private void skipTo(String end) {
    while (!in.accept(end)) {
      in.take();
    }
  }

  private void declareRegisters() {
    Token type = in.take();
    do {
      String register = in.take().text();
      String unique = scopes.size() == 1 ? register : register + "@" + blocks;
      Type declared = Type.of(type.text().substring(1), type.line());
      if (in.accept("<")) {
        int count = Integer.parseInt(in.take().text());
        in.expect(">");
        for (int i = 0; i < count; i++) {
          declare(
              register + i,
              unique.equals(register) ? register + i : register + i + "@" + blocks,
              declared);
        }
      } else {
        declare(register, unique, declared);
      }
    } while (in.accept(","));
    in.expect(";");
  }

  private void declare(String register, String unique, Type type) {
    scopes.peek().put(register, unique);
    registers.put(unique, type);
  }

  private void guarded() {
    boolean negated = in.accept("!");
    String guard = resolve(in.take().text());
    statement(guard, negated, in.take());
  }

  private void statement(String guard, boolean negated, Token opcode) {
    var operands = new ArrayList<Operand>();
    while (!in.accept(";")) {
      operands.add(operand());
      in.accept(",");
    }
    statements.add(new Statement(opcode.line(), guard, negated, opcode.text(), operands));
  }

  private Operand operand() {
    if (in.accept("[")) {
      Operand base = operand();
      long offset = 0;
      if (in.accept("+")) {
        offset = signed();
      }
      in.expect("]");
      return new Operand.Address(base, offset);
    }
    if (in.accept("{")) {
      var elements = new ArrayList<Operand>();
      while (!in.accept("}")) {
        elements.add(operand());
        in.accept(",");
      }
      return new Operand.Tuple(elements);
    }
    if (in.accept("!")) {
      return new Operand.Not(operand());
    }
    if (in.peek("-") || Numbers.isNumber(in.peekText())) {
      return new Operand.Number(signed());
    }
    var first = new Operand.Name(resolve(in.take().text()));
    return in.accept("|") ? new Operand.Pair(first, operand()) : first;
  }

  private long signed() {
    boolean negative = in.accept("-");
    long value = Numbers.parse(in.take());
    return negative ? -value : value;
  }

  private String resolve(String text) {
    for (Map<String, String> scope : scopes) {
      String unique = scope.get(text);
      if (unique != null) {
        return unique;
      }
    }
    return text;
  }
}
