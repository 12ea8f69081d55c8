package io.solebox.app.bench.report;

import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The members of an object of a report. What is not there, or of another type, or a number that
 * nothing measured can be, is {@code INVALID_PARAMETER}.
 *
 * @param file of the report
 * @param path in it, as in {@code figures[3]}; empty for the whole
 */
record ReportFields(Map<String, Object> all, String file, String path) {
  /** Nothing that is measured has more of its unit; drawings are of finite numbers. */
  private static final double MOST = 1e18;

  String text(String name) {
    if (all.get(name) instanceof String text) {
      return text;
    }
    throw bad(name, "is not there, or no text");
  }

  /** A whole number from 0. */
  int count(String name) {
    long number = large(name);
    if (number <= Integer.MAX_VALUE) {
      return (int) number;
    }
    throw bad(name, "is too large");
  }

  /** One of these from 1. */
  int place(String name, int most) {
    int number = count(name);
    if (number >= 1 && number <= most) {
      return number;
    }
    throw bad(name, "is not from 1 to " + most);
  }

  long large(String name) {
    if (all.get(name) instanceof Long number && number >= 0) {
      return number;
    }
    throw bad(name, "is not there, or no whole number from 0");
  }

  double number(String name) {
    return number(name, all.get(name));
  }

  /** What is measured is finite and not below 0; JSON writes what is no number as null. */
  private double number(String name, Object value) {
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= MOST) {
      return number.doubleValue();
    }
    throw bad(name, "is not there, or no number from 0 to 10^18");
  }

  /** At least one. */
  List<Double> runs() {
    List<Double> runs = new ArrayList<>();
    for (Object value : list("runs")) {
      runs.add(number("runs[" + runs.size() + "]", value));
    }
    if (runs.isEmpty()) {
      throw bad("runs", "is empty");
    }
    return runs;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof String text)) {
        throw bad(name + "[" + texts.size() + "]", "is no text");
      }
      texts.add(text);
    }
    return texts;
  }

  /** Pairs of a second and a value, of which a temperature may be below 0. */
  List<Trace.Moment> moments(String name) {
    List<Trace.Moment> moments = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof List<?> pair
          && pair.size() == 2
          && pair.getFirst() instanceof Number second
          && pair.getLast() instanceof Number there
          && Stream.of(second, there).allMatch(n -> Math.abs(n.doubleValue()) <= MOST))) {
        throw bad(name + "[" + moments.size() + "]", "is no pair of numbers");
      }
      moments.add(new Trace.Moment(second.doubleValue(), there.doubleValue()));
    }
    return moments;
  }

  boolean has(String name) {
    return all.get(name) != null;
  }

  ReportFields object(String name) {
    return of(name, all.get(name));
  }

  /** Each of a list of objects, made into what it tells. */
  <T> List<T> each(String name, Function<ReportFields, T> reader) {
    List<T> objects = new ArrayList<>();
    for (Object value : list(name)) {
      ReportFields fields = of(name + "[" + objects.size() + "]", value);
      objects.add(reader.apply(fields));
    }
    return objects;
  }

  @SuppressWarnings("unchecked") // names of JSON are texts
  private ReportFields of(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return new ReportFields((Map<String, Object>) map, file, within(name));
    }
    throw bad(name, "is not there, or no object");
  }

  private List<?> list(String name) {
    if (all.get(name) instanceof List<?> list) {
      return list;
    }
    throw bad(name, "is not there, or no list");
  }

  private String within(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  SoleboxException bad(String name, String what) {
    return ReportReader.bad(file, "In this report '" + within(name) + "' " + what + ".");
  }
}
