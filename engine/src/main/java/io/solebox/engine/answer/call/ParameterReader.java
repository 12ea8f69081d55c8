package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Form.Matching;
import java.util.Optional;

/**
 * Arguments one by one, each between markers and without quotes, as Qwen3-Coder, GLM, MiniMax or
 * DeepSeek's DSML write them. What a value is follows from what the parameter's opening says of it,
 * or from the tool's schema ({@link TypedValue}).
 *
 * <p>A value may hold the marker that ends it: it ends only where another parameter or the call's
 * end stands behind that marker. Where both stand inside a value nobody can tell.
 */
final class ParameterReader implements CallReader {
  private final Head head;
  private final Schema schema;
  private final Matching opening;
  private final Matching ending;
  private final Matching closing;
  private final StringBuilder arguments = new StringBuilder();
  private Optional<TypedValue> value = Optional.empty();
  private boolean any;
  private boolean complete;

  ParameterReader(Head head, Schema schema, Parameters form) {
    this.head = head;
    this.schema = schema;
    this.opening = form.opening().matching();
    this.ending = form.ending().matching();
    this.closing = form.closing().matching();
  }

  @Override
  public Progress read(Input input) {
    Progress progress = Progress.GOING;
    boolean moves = true;
    while (moves && progress == Progress.GOING) {
      int before = input.position();
      boolean inValue = value.isPresent();
      progress = inValue ? readValue(input, value.get()) : readBetween(input);
      moves = input.position() > before || inValue != value.isPresent();
    }
    return progress;
  }

  private Progress readBetween(Input input) {
    input.skipSpaces();
    if (input.isEmpty()) {
      return input.ended() && any ? complete() : Progress.GOING;
    }
    return switch (opening.at(input)) {
      case YES -> {
        open(input);
        yield Progress.GOING;
      }
      case MAYBE -> Progress.GOING;
      case NO ->
          switch (closing.at(input)) {
            case YES -> {
              closing.take(input);
              yield complete();
            }
            case MAYBE -> Progress.GOING;
            case NO -> Progress.MALFORMED;
          };
    };
  }

  private void open(Input input) {
    String key = opening.hole("key");
    value = Optional.of(new TypedValue(schemaOf(key)));
    opening.take(input);
    arguments.append(any ? "," : "{");
    JsonStrings.appendQuoted(key, arguments);
    arguments.append(':');
    any = true;
  }

  /** What the opening says counts more than the tool's schema. */
  private Schema schemaOf(String key) {
    if (opening.has("type")) {
      return Schema.ofType(opening.hole("type"));
    }
    if (opening.has("string")) {
      boolean text = opening.hole("string").equals("true");
      return text ? Schema.of(Schema.Kind.STRING) : Schema.ANY;
    }
    return schema.property(key);
  }

  private Progress readValue(Input input, TypedValue open) {
    while (!input.isEmpty()) {
      switch (ending.at(input)) {
        case YES -> {
          ending.take(input);
          open.finish(arguments);
          value = Optional.empty();
          return Progress.GOING;
        }
        case MAYBE -> {
          return Progress.GOING;
        }
        case NO -> {
          open.accept(input.peek(), arguments);
          input.skip(1);
        }
      }
    }
    return Progress.GOING;
  }

  private Progress complete() {
    arguments.append(any ? "}" : "{}");
    complete = true;
    return Progress.COMPLETE;
  }

  @Override
  public Optional<Head> head() {
    return any || complete ? Optional.of(head) : Optional.empty();
  }

  @Override
  public String takeArguments() {
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
