package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxFile.KernelSource;
import io.solebox.backend.cuda.fake.PtxFile.Parameter;
import io.solebox.backend.cuda.fake.PtxFile.Variable;
import io.solebox.backend.cuda.fake.PtxLexer.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the PTX that clang writes: entries, variables, no functions. */
final class PtxParser {
  private static final int MOST_THREADS = 1024;

  private final List<Token> tokens;
  private final List<Variable> globals = new ArrayList<>();
  private final List<Variable> moduleShared = new ArrayList<>();
  private final List<KernelSource> kernels = new ArrayList<>();
  private int at;
  private int version;
  private String target = "";

  private PtxParser(String source) {
    tokens = PtxLexer.tokens(source);
  }

  static PtxFile parse(String source) {
    var parser = new PtxParser(source);
    while (parser.at < parser.tokens.size()) {
      parser.topLevel();
    }
    return new PtxFile(parser.version, parser.target, parser.globals, parser.kernels);
  }

  private void topLevel() {
    Token token = take();
    switch (token.text()) {
      case ".version" -> version = Integer.parseInt(take().text().replace(".", ""));
      case ".target" -> {
        target = take().text();
        while (accept(",")) {
          take();
        }
      }
      case ".address_size" -> take();
      case ".visible", ".weak", ".extern", ".common", ";" -> {}
      case ".entry" -> entry();
      case ".global", ".const" -> globals.add(variable());
      case ".shared" -> moduleShared.add(variable());
      default -> throw new PtxException(token.line(), "unexpected " + token.text());
    }
  }

  private void entry() {
    String name = take().text();
    List<Parameter> parameters = parameters();
    int maxThreads = MOST_THREADS;
    while (!peek("{")) {
      Token directive = take();
      List<Integer> numbers = new ArrayList<>();
      while (Character.isDigit(tokens.get(at).text().charAt(0)) || peek(",")) {
        if (!accept(",")) {
          numbers.add(Integer.parseInt(take().text()));
        }
      }
      if (directive.is(".maxntid") || directive.is(".reqntid")) {
        maxThreads = numbers.stream().reduce(1, (a, b) -> a * b);
      }
    }
    take();
    kernels.add(new BodyParser(this, name, parameters, moduleShared, maxThreads).parse());
  }

  private List<Parameter> parameters() {
    var list = new ArrayList<Parameter>();
    int offset = 0;
    expect("(");
    while (!accept(")")) {
      expect(".param");
      Variable v = variableAfterSpace();
      offset = align(offset, v.align());
      list.add(new Parameter(v.name(), offset, v.bytes()));
      offset += v.bytes();
      accept(",");
    }
    return list;
  }

  /** {@code .align 4 .b8 name[16] = {1, 2};} after its space. */
  Variable variable() {
    Variable v = variableAfterSpace();
    expect(";");
    return v;
  }

  private Variable variableAfterSpace() {
    int align = 0;
    Type type = Type.B8;
    while (peekText().startsWith(".")) {
      Token token = take();
      if (token.is(".align")) {
        align = Integer.parseInt(take().text());
      } else if (!token.is(".ptr") && !token.is(".global")) {
        type = Type.of(token.text().substring(1), token.line());
      }
    }
    String name = take().text();
    int count = 1;
    while (accept("[")) {
      count *= peek("]") ? 0 : Integer.parseInt(take().text());
      expect("]");
    }
    byte[] data = accept("=") ? initializer(type) : new byte[0];
    return new Variable(name, Math.max(align, type.bytes()), count * type.bytes(), data);
  }

  private byte[] initializer(Type type) {
    byte[] data = new byte[0];
    boolean braces = accept("{");
    do {
      long value = number();
      int start = data.length;
      data = Arrays.copyOf(data, start + type.bytes());
      for (int i = 0; i < type.bytes(); i++) {
        data[start + i] = (byte) (value >> 8 * i);
      }
    } while (braces && accept(","));
    if (braces) {
      expect("}");
    }
    return data;
  }

  private long number() {
    boolean negative = accept("-");
    long value = Numbers.parse(take());
    return negative ? -value : value;
  }

  static int align(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }

  Token take() {
    if (at == tokens.size()) {
      throw new PtxException(tokens.isEmpty() ? 0 : tokens.getLast().line(), "ends too early");
    }
    return tokens.get(at++);
  }

  String peekText() {
    return at < tokens.size() ? tokens.get(at).text() : "";
  }

  boolean peek(String text) {
    return peekText().equals(text);
  }

  boolean accept(String text) {
    boolean there = peek(text);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String text) {
    Token token = take();
    if (!token.is(text)) {
      throw new PtxException(token.line(), "expected " + text + ", found " + token.text());
    }
  }
}
