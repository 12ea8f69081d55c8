package io.solebox.engine.chat.jinja;

import java.util.List;
import java.util.Optional;

/** A statement. {@link #line} is where it begins, counted from 1. */
sealed interface Stmt {
  int line();

  record Data(Text text, int line) implements Stmt {}

  record Output(Expr value, int line) implements Stmt {}

  record If(List<Branch> branches, List<Stmt> otherwise, int line) implements Stmt {}

  record Branch(Expr test, List<Stmt> body, int line) {}

  record For(
      Target target,
      Expr iterable,
      Optional<Expr> condition,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise,
      int line)
      implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  record Assign(Target target, Expr value, int line) implements Stmt {}

  /** {@code {% set target | filters %} body {% endset %}}. */
  record AssignBlock(Target target, List<Expr.FilterStep> filters, List<Stmt> body, int line)
      implements Stmt {}

  record DefineMacro(Macro macro, int line) implements Stmt {}

  /** {@code {% call(...) function(...) %} body {% endcall %}}. */
  record CallBlock(Macro caller, Expr.Call call, int line) implements Stmt {}

  record FilterBlock(List<Expr.FilterStep> filters, List<Stmt> body, int line) implements Stmt {}

  record With(List<Binding> bindings, List<Stmt> body, int line) implements Stmt {}

  record Binding(Target target, Expr value) {}

  /** The text the model is trained on; renders as its body, whose variables stay inside. */
  record GenerationBlock(List<Stmt> body, int line) implements Stmt {}

  /**
   * A macro's definition, or the body of a {@code call}.
   *
   * @param usesCaller the body names {@code caller}; likewise the other two
   */
  record Macro(
      String name,
      List<Parameter> parameters,
      List<Stmt> body,
      boolean usesCaller,
      boolean usesKwargs,
      boolean usesVarargs) {}

  record Parameter(Text name, Optional<Expr> defaultValue) {
    boolean hasDefault() {
      return defaultValue.isPresent();
    }
  }

  /** What an assignment writes to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Unpack(List<Target> parts) implements Target {}

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String namespace, Text attribute) implements Target {}
  }
}
