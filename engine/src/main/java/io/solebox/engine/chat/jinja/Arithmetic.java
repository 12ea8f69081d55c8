package io.solebox.engine.chat.jinja;

import io.solebox.engine.chat.jinja.Expr.Operator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic, on numbers and on sequences. */
final class Arithmetic {
  /** Of an integer. Python allows 4300; arithmetic on such numbers takes long. */
  static final int MAX_DIGITS = 400;

  private static final int BIG_NUMBER_STEPS = 50;

  private static final int MAX_BITS = MAX_DIGITS * 10 / 3;

  private Arithmetic() {}

  static Object apply(Budget budget, Operator operator, Object left, Object right) {
    if (operator == Operator.ADD && left instanceof Text a && right instanceof Text b) {
      return concat(budget, a, b);
    }
    if (operator == Operator.MODULO && left instanceof Text format) {
      return PercentFormat.format(budget, format, right);
    }
    if (left instanceof Markup || right instanceof Markup) {
      return markup(budget, operator, left, right);
    }
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Values.isNumber(left) && Values.isNumber(right)) {
      if (left instanceof BigInteger || right instanceof BigInteger) {
        budget.steps(BIG_NUMBER_STEPS);
      }
      return numbers(operator, left, right);
    }
    return switch (operator) {
      case ADD -> add(budget, left, right);
      case MULTIPLY -> multiply(budget, left, right);
      case SUBTRACT, DIVIDE, FLOOR_DIVIDE, MODULO, POWER ->
          throw unsupported(operator, left, right);
    };
  }

  /** What is not marked gets escaped. */
  private static Object markup(Budget budget, Operator operator, Object left, Object right) {
    boolean texts = Markup.plain(left) instanceof Text && Markup.plain(right) instanceof Text;
    if (operator == Operator.ADD && texts) {
      return new Markup(
          (Text) add(budget, Markup.escape(budget, left), Markup.escape(budget, right)));
    }
    boolean formats = operator == Operator.MODULO && left instanceof Markup;
    Object operand = formats ? Markup.escapeText(budget, right) : Markup.plain(right);
    Object result = apply(budget, operator, Markup.plain(left), operand);
    return result instanceof Text text ? new Markup(text) : result;
  }

  private static TemplateFailure unsupported(Operator operator, Object left, Object right) {
    return new TemplateFailure(
        "unsupported operand type(s) for "
            + operator.symbol()
            + ": '"
            + Values.typeName(left)
            + "' and '"
            + Values.typeName(right)
            + "'");
  }

  private static Text concat(Budget budget, Text left, Text right) {
    budget.text((long) left.length() + right.length());
    budget.parts(left.parts() + right.parts() - 2);
    return left.concat(right);
  }

  private static Object add(Budget budget, Object left, Object right) {
    if (left instanceof Text a && right instanceof Text b) {
      return concat(budget, a, b);
    }
    boolean lists = left instanceof List && right instanceof List;
    if (lists && Values.typeName(left).equals(Values.typeName(right)) && !(left instanceof Range)) {
      List<?> a = (List<?>) left;
      List<?> b = (List<?>) right;
      budget.elements((long) a.size() + b.size());
      List<Object> both = new ArrayList<>(a.size() + b.size());
      both.addAll(a);
      both.addAll(b);
      return left instanceof Tuple ? new Tuple(both) : both;
    }
    if (left instanceof Text || left instanceof List) {
      String type = Values.typeName(left);
      throw new TemplateFailure(
          "can only concatenate " + type + " (not \"" + Values.typeName(right) + "\") to " + type);
    }
    throw unsupported(Operator.ADD, left, right);
  }

  private static Object multiply(Budget budget, Object left, Object right) {
    if (Values.isInteger(left) && !Values.isNumber(right)) {
      return multiply(budget, right, left);
    }
    if (!Values.isInteger(right)) {
      throw unsupported(Operator.MULTIPLY, left, right);
    }
    long times = Math.max(0, big(right).min(BigInteger.valueOf(Integer.MAX_VALUE)).longValue());
    if (left instanceof Text text) {
      return new BoundedText(budget).repeat(text, text.isEmpty() ? 0 : times).toText();
    }
    if (left instanceof List<?> list && !(left instanceof Range)) {
      long count = list.isEmpty() ? 0 : times;
      budget.elements(count * list.size());
      List<Object> repeated = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        repeated.addAll(list);
      }
      return left instanceof Tuple ? new Tuple(repeated) : repeated;
    }
    throw unsupported(Operator.MULTIPLY, left, right);
  }

  private static Object numbers(Operator operator, Object left, Object right) {
    boolean floating = left instanceof Double || right instanceof Double;
    return switch (operator) {
      case ADD, SUBTRACT, MULTIPLY ->
          floating
              ? simple(operator, toDouble(left), toDouble(right))
              : simple(operator, big(left), big(right));
      case DIVIDE -> toDouble(left) / nonZero(toDouble(right));
      case FLOOR_DIVIDE ->
          floating
              ? (Object) Math.floor(toDouble(left) / nonZero(toDouble(right)))
              : shrink(floorDivide(big(left), big(right)));
      case MODULO ->
          floating
              ? (Object) modulo(toDouble(left), nonZero(toDouble(right)))
              : shrink(big(left).subtract(floorDivide(big(left), big(right)).multiply(big(right))));
      case POWER -> power(left, right);
    };
  }

  private static double simple(Operator operator, double left, double right) {
    return operator == Operator.ADD
        ? left + right
        : operator == Operator.SUBTRACT ? left - right : left * right;
  }

  private static Object simple(Operator operator, BigInteger left, BigInteger right) {
    return shrink(
        operator == Operator.ADD
            ? left.add(right)
            : operator == Operator.SUBTRACT ? left.subtract(right) : left.multiply(right));
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new TemplateFailure("division by zero");
    }
    return divisor;
  }

  private static BigInteger floorDivide(BigInteger left, BigInteger right) {
    if (right.signum() == 0) {
      throw new TemplateFailure("division by zero");
    }
    BigInteger[] parts = left.divideAndRemainder(right);
    boolean roundsUp = parts[1].signum() != 0 && parts[1].signum() != right.signum();
    return roundsUp ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** The result has the divisor's sign. */
  private static double modulo(double left, double right) {
    double rest = left % right;
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
  }

  private static Object power(Object left, Object right) {
    if (left instanceof Double || right instanceof Double || big(right).signum() < 0) {
      double floatBase = toDouble(left);
      double floatExponent = toDouble(right);
      return Math.pow(floatExponent < 0 ? nonZero(floatBase) : floatBase, floatExponent);
    }
    BigInteger base = big(left);
    BigInteger exponent = big(right);
    boolean trivial = base.abs().bitLength() <= 1;
    boolean large =
        exponent.bitLength() >= Integer.SIZE || base.bitLength() * exponent.longValue() > MAX_BITS;
    if (!trivial && large) {
      throw new TemplateFailure("a number gets too large");
    }
    // Of -1, 0 and 1 only whether the exponent is zero, odd or even matters.
    int parity = exponent.testBit(0) ? 1 : exponent.signum() * 2;
    return shrink(base.pow(trivial ? parity : exponent.intValue()));
  }

  static Object negate(Object value) {
    return switch (value) {
      case Double number -> -number;
      case Undefined undefined -> throw undefined.failure();
      case null, default -> shrink(big(value).negate());
    };
  }

  /** A BigInteger as a Long where it fits. */
  static Object shrink(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateFailure("a number gets too large");
    }
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  static BigInteger big(Object value) {
    return switch (value) {
      case Long number -> BigInteger.valueOf(number);
      case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger number -> number;
      case Undefined undefined -> throw undefined.failure();
      case null, default ->
          throw new TemplateFailure(
              "'" + Values.typeName(value) + "' object cannot be interpreted as an integer");
    };
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : big(value).doubleValue();
  }
}
