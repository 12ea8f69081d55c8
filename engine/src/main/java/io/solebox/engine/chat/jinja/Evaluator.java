package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions. */
final class Evaluator {
  private final RenderContext context;
  private final Budget budget;

  Evaluator(RenderContext context) {
    this.context = context;
    this.budget = context.budget();
  }

  Object evaluate(Expr expression, Scope scope) {
    budget.enter();
    Object value =
        switch (expression) {
          case Expr.Const constant -> constant.value();
          case Expr.Name name -> scope.get(name.name());
          case Expr.Attribute attribute ->
              Access.attribute(evaluate(attribute.target(), scope), attribute.name());
          case Expr.Subscript subscript -> {
            Object target = evaluate(subscript.target(), scope);
            yield Access.element(budget, target, evaluate(subscript.index(), scope));
          }
          case Expr.Compare compare -> compare(compare, scope);
          case Expr.Test test -> test(test, scope);
          case Expr.Arithmetic arithmetic -> {
            Object left = evaluate(arithmetic.left(), scope);
            Object right = evaluate(arithmetic.right(), scope);
            yield Arithmetic.apply(budget, arithmetic.operator(), left, right);
          }
          case Expr.And and -> {
            Object left = evaluate(and.left(), scope);
            yield Values.isTrue(left) ? evaluate(and.right(), scope) : left;
          }
          case Expr.Or or -> {
            Object left = evaluate(or.left(), scope);
            yield Values.isTrue(left) ? left : evaluate(or.right(), scope);
          }
          case Expr.Not not -> !isTrue(not.operand(), scope);
          case Expr.Filter filter -> filter(filter.step(), evaluate(filter.input(), scope), scope);
          case Expr.Slice slice -> slice(slice, scope);
          case Expr.ListLiteral list -> list(list.items(), scope);
          case Expr.TupleLiteral tuple -> new Tuple(list(tuple.items(), scope));
          case Expr.DictLiteral dict -> dict(dict, scope);
          case Expr.Call call ->
              call(evaluate(call.function(), scope), arguments(call.arguments(), scope));
          case Expr.Negative negative -> Arithmetic.negate(evaluate(negative.operand(), scope));
          case Expr.Positive positive -> positive(evaluate(positive.operand(), scope));
          case Expr.Concat concat -> concat(concat, scope);
          case Expr.Conditional conditional -> conditional(conditional, scope);
        };
    budget.leave();
    assert !(value instanceof String) : "a text that does not say who wrote it";
    return value;
  }

  boolean isTrue(Expr expression, Scope scope) {
    return Values.isTrue(evaluate(expression, scope));
  }

  private Object positive(Object value) {
    return value instanceof Double ? value : Arithmetic.shrink(Arithmetic.big(value));
  }

  private Object conditional(Expr.Conditional conditional, Scope scope) {
    if (isTrue(conditional.test(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    return conditional.otherwise().isPresent()
        ? evaluate(conditional.otherwise().get(), scope)
        : new Undefined("the inline if-expression has no else and its condition is false");
  }

  private Object slice(Expr.Slice slice, Scope scope) {
    Object target = evaluate(slice.target(), scope);
    Object start = slice.start().isPresent() ? evaluate(slice.start().get(), scope) : null;
    Object stop = slice.stop().isPresent() ? evaluate(slice.stop().get(), scope) : null;
    Object step = slice.step().isPresent() ? evaluate(slice.step().get(), scope) : null;
    return Access.slice(budget, target, start, stop, step);
  }

  private List<Object> list(List<Expr> items, Scope scope) {
    budget.elements(items.size());
    List<Object> values = new ArrayList<>(items.size());
    for (Expr item : items) {
      values.add(evaluate(item, scope));
    }
    return values;
  }

  private Map<Object, Object> dict(Expr.DictLiteral dict, Scope scope) {
    budget.elements(2L * dict.entries().size());
    Map<Object, Object> values = new LinkedHashMap<>();
    for (Expr.Entry entry : dict.entries()) {
      Object key = Values.key(evaluate(entry.key(), scope));
      values.put(key, evaluate(entry.value(), scope));
    }
    return values;
  }

  private Text concat(Expr.Concat concat, Scope scope) {
    BoundedText text = new BoundedText(budget);
    for (Expr part : concat.parts()) {
      text.append(PyPrinter.str(budget, evaluate(part, scope)));
    }
    return text.toText();
  }

  private boolean compare(Expr.Compare compare, Scope scope) {
    Object left = evaluate(compare.first(), scope);
    for (Expr.Comparison comparison : compare.rest()) {
      Object right = evaluate(comparison.operand(), scope);
      if (!Compare.apply(budget, comparison.comparator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  Object call(Object function, Arguments arguments) {
    return switch (function) {
      case Callable callable -> callable.call(context, arguments);
      case Undefined undefined -> throw undefined.failure();
      case null, default ->
          throw new TemplateFailure("'" + Values.typeName(function) + "' object is not callable");
    };
  }

  Object filter(Expr.FilterStep step, Object input, Scope scope) {
    return Filters.apply(context, step.name(), input, arguments(step.arguments(), scope));
  }

  /** A filter block's filters over its text. */
  Object filters(List<Expr.FilterStep> steps, Object input, Scope scope) {
    Object value = input;
    for (Expr.FilterStep step : steps) {
      value = filter(step, value, scope);
    }
    return value;
  }

  private boolean test(Expr.Test test, Scope scope) {
    Object input = evaluate(test.input(), scope);
    return Tests.apply(context, test.name(), input, arguments(test.arguments(), scope));
  }

  Arguments arguments(Expr.CallArguments arguments, Scope scope) {
    if (arguments == Expr.CallArguments.NONE) {
      return Arguments.NONE;
    }
    List<Object> positional = list(arguments.positional(), scope);
    if (arguments.spread().isPresent()) {
      Object more = evaluate(arguments.spread().get(), scope);
      List<Object> items = Values.iterate(budget, more);
      budget.elements(items.size());
      positional.addAll(items);
    }
    if (arguments.named().isEmpty() && arguments.spreadNamed().isEmpty()) {
      return new Arguments(positional, Map.of());
    }
    Map<Text, Object> named = new LinkedHashMap<>();
    for (Expr.NamedArgument argument : arguments.named()) {
      named.put(argument.name(), evaluate(argument.value(), scope));
    }
    if (arguments.spreadNamed().isPresent()) {
      if (!(evaluate(arguments.spreadNamed().get(), scope) instanceof Map<?, ?> map)) {
        throw new TemplateFailure("argument after ** must be a mapping");
      }
      budget.elements(map.size());
      map.forEach((key, value) -> named.put(PyPrinter.str(budget, key), value));
    }
    return new Arguments(positional, named);
  }
}
