package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Runs the statements of one rendering. */
final class Interpreter {
  /** How a body ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private static final Text CALLER = Text.written("caller");

  private final Budget budget;
  private final Evaluator evaluator;

  private Interpreter(RenderContext context) {
    this.budget = context.budget();
    this.evaluator = new Evaluator(context);
  }

  /**
   * @throws TemplateFailure with a line
   */
  static Text render(List<Stmt> template, RenderContext context, Map<String, Object> variables) {
    Scope given = Globals.SCOPE.inner();
    variables.forEach((name, value) -> given.set(name, Values.fromJava(value)));
    // The template's own variables live in a scope of their own over the caller's.
    return new Interpreter(context).capture(template, given.inner());
  }

  private Text capture(List<Stmt> body, Scope scope) {
    BoundedText out = new BoundedText(budget);
    run(body, scope, out);
    return out.toText();
  }

  private Flow run(List<Stmt> body, Scope scope, BoundedText out) {
    for (Stmt statement : body) {
      budget.enter();
      Flow flow;
      try {
        flow = run(statement, scope, out);
      } catch (TemplateFailure failure) {
        throw failure.at(statement.line());
      }
      budget.leave();
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Stmt statement, Scope scope, BoundedText out) {
    switch (statement) {
      case Stmt.Data data -> out.append(data.text());
      case Stmt.Output output ->
          out.append(PyPrinter.str(budget, evaluator.evaluate(output.value(), scope)));
      case Stmt.If choice -> {
        return run(choose(choice, scope), scope, out);
      }
      case Stmt.For loop -> loop(loop, evaluator.evaluate(loop.iterable(), scope), 0, scope, out);
      case Stmt.Break jump -> {
        return Flow.BREAK;
      }
      case Stmt.Continue jump -> {
        return Flow.CONTINUE;
      }
      case Stmt.Assign assign ->
          assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
      case Stmt.AssignBlock block -> {
        Text text = capture(block.body(), scope.inner());
        assign(block.target(), evaluator.filters(block.filters(), text, scope), scope);
      }
      case Stmt.DefineMacro define ->
          scope.set(define.macro().name(), macro(define.macro(), scope));
      case Stmt.CallBlock block -> out.append(callBlock(block, scope));
      case Stmt.FilterBlock block -> {
        Text text = capture(block.body(), scope.inner());
        out.append(PyPrinter.str(budget, evaluator.filters(block.filters(), text, scope)));
      }
      case Stmt.With with -> {
        return with(with, scope, out);
      }
      case Stmt.GenerationBlock block -> run(block.body(), scope.inner(), out);
    }
    return Flow.NEXT;
  }

  private List<Stmt> choose(Stmt.If choice, Scope scope) {
    for (Stmt.Branch branch : choice.branches()) {
      try {
        if (evaluator.isTrue(branch.test(), scope)) {
          return branch.body();
        }
      } catch (TemplateFailure failure) {
        throw failure.at(branch.line());
      }
    }
    return choice.otherwise();
  }

  private Flow with(Stmt.With with, Scope scope, BoundedText out) {
    Scope inner = scope.inner();
    for (Stmt.Binding binding : with.bindings()) {
      assign(binding.target(), evaluator.evaluate(binding.value(), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private void loop(Stmt.For loop, Object iterable, int depth, Scope scope, BoundedText out) {
    List<Object> items = Values.iterate(budget, iterable);
    Iterator<Object> source =
        loop.condition().isPresent()
            ? new Selected(loop, loop.condition().get(), items.iterator(), scope)
            : items.iterator();
    Optional<LoopState.Recursion> recursion =
        loop.recursive()
            ? Optional.of((inner, innerDepth) -> recurse(loop, inner, innerDepth, scope))
            : Optional.empty();
    LoopState state = new LoopState(source, recursion, depth);
    boolean any = false;
    while (state.advance()) {
      any = true;
      budget.steps(1);
      Scope body = scope.inner();
      body.set("loop", state);
      assign(loop.target(), state.current(), body);
      if (run(loop.body(), body, out) == Flow.BREAK) {
        break;
      }
    }
    if (!any) {
      run(loop.otherwise(), scope.inner(), out);
    }
  }

  private Text recurse(Stmt.For loop, Object items, int depth, Scope scope) {
    BoundedText out = new BoundedText(budget);
    loop(loop, items, depth, scope, out);
    return out.toText();
  }

  /** The items of {@code for x in items if condition}. */
  private final class Selected implements Iterator<Object> {
    private final Stmt.For loop;
    private final Expr condition;
    private final Iterator<Object> all;
    private final Scope scope;
    private Object next;
    private boolean found;

    Selected(Stmt.For loop, Expr condition, Iterator<Object> all, Scope scope) {
      this.loop = loop;
      this.condition = condition;
      this.all = all;
      this.scope = scope;
    }

    @Override
    public boolean hasNext() {
      while (!found && all.hasNext()) {
        next = all.next();
        Scope inner = scope.inner();
        assign(loop.target(), next, inner);
        found = evaluator.isTrue(condition, inner);
      }
      return found;
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      found = false;
      return next;
    }
  }

  private void assign(Stmt.Target target, Object value, Scope scope) {
    switch (target) {
      case Stmt.Target.Variable variable -> scope.set(variable.name(), value);
      case Stmt.Target.NamespaceAttribute attribute -> {
        if (!(scope.get(attribute.namespace()) instanceof Namespace namespace)) {
          throw new TemplateFailure("cannot assign attribute on non-namespace object");
        }
        budget.elements(1);
        namespace.attributes().put(attribute.attribute(), value);
      }
      case Stmt.Target.Unpack unpack -> {
        List<Object> values = Values.iterate(budget, value);
        if (values.size() != unpack.parts().size()) {
          throw new TemplateFailure(
              "cannot unpack " + values.size() + " values into " + unpack.parts().size());
        }
        for (int i = 0; i < values.size(); i++) {
          assign(unpack.parts().get(i), values.get(i), scope);
        }
      }
    }
  }

  private MacroFunction macro(Stmt.Macro macro, Scope definition) {
    return new MacroFunction(
        macro.name(),
        (caller, arguments) -> {
          // A call takes more of the thread's stack than other nesting does.
          budget.enter();
          Scope scope = definition.inner();
          bind(macro, arguments, scope);
          Text text = capture(macro.body(), scope);
          budget.leave();
          return text;
        });
  }

  private void bind(Stmt.Macro macro, Arguments arguments, Scope scope) {
    List<Stmt.Parameter> parameters = macro.parameters();
    List<Object> positional = arguments.positional();
    Map<Text, Object> named = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < parameters.size(); i++) {
      Stmt.Parameter parameter = parameters.get(i);
      Object value;
      if (i < positional.size()) {
        value = positional.get(i);
      } else if (named.containsKey(parameter.name())) {
        value = named.remove(parameter.name());
      } else if (parameter.defaultValue().isPresent()) {
        value = evaluator.evaluate(parameter.defaultValue().get(), scope);
      } else {
        value = new Undefined("parameter '" + parameter.name() + "' was not provided");
      }
      scope.set(parameter.name().string(), value);
    }
    bindSpecial(macro, positional, named, scope);
  }

  /** {@code caller}, {@code varargs} and {@code kwargs}, which a macro has if it names them. */
  private static void bindSpecial(
      Stmt.Macro macro, List<Object> positional, Map<Text, Object> named, Scope scope) {
    int count = macro.parameters().size();
    boolean declaresCaller = macro.parameters().stream().anyMatch(p -> p.name().equals(CALLER));
    if (macro.usesCaller() && !declaresCaller) {
      boolean given = named.get(CALLER) != null;
      scope.set("caller", given ? named.get(CALLER) : new Undefined("No caller defined"));
      named.remove(CALLER);
    }
    if (macro.usesVarargs()) {
      int from = Math.min(count, positional.size());
      scope.set("varargs", new Tuple(new ArrayList<>(positional.subList(from, positional.size()))));
    } else if (positional.size() > count) {
      throw new TemplateFailure(
          "macro '" + macro.name() + "' takes not more than " + count + " argument(s)");
    }
    if (macro.usesKwargs()) {
      scope.set("kwargs", named);
    } else if (!named.isEmpty()) {
      Text name = named.keySet().iterator().next();
      throw new TemplateFailure(
          "macro '" + macro.name() + "' takes no keyword argument '" + name + "'");
    }
  }

  private Text callBlock(Stmt.CallBlock block, Scope scope) {
    Object function = evaluator.evaluate(block.call().function(), scope);
    Arguments arguments = evaluator.arguments(block.call().arguments(), scope);
    Map<Text, Object> named = new LinkedHashMap<>(arguments.named());
    named.put(CALLER, macro(block.caller(), scope));
    Object result = evaluator.call(function, new Arguments(arguments.positional(), named));
    return PyPrinter.str(budget, result);
  }
}
