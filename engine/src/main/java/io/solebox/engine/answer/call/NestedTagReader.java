package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Form.Matching;
import io.solebox.engine.answer.call.Schema.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Arguments between tags that bear their names, as MiniMax M3 writes them: {@code <a>1</a>}, each
 * tag with a mark in front. Tags in an argument make it an object, or a list where the schema says
 * so or they are called {@code item}. A value ends at its own closing tag, and only where another
 * tag follows.
 */
final class NestedTagReader implements CallReader {
  private static final int MAX_DEPTH = 50;
  private static final String ELEMENT = "item";

  /** What a tag that is open holds. */
  private enum Content {
    /** Nothing yet. */
    UNKNOWN,
    VALUE,
    OBJECT,
    LIST
  }

  /** A tag that is open. */
  private static final class Tag {
    private final Schema schema;
    private final Matching closing;
    private final TypedValue value;
    private Content content = Content.UNKNOWN;
    private boolean any;

    Tag(Schema schema, Form closing) {
      this.schema = schema;
      this.closing = closing.matching();
      this.value = new TypedValue(schema);
    }
  }

  private final Head head;
  private final String mark;
  private final Matching opening;
  private final Deque<Tag> open = new ArrayDeque<>();
  private final StringBuilder arguments = new StringBuilder();

  NestedTagReader(Head head, Schema schema, String mark, String closing) {
    this.head = head;
    this.mark = mark;
    this.opening = Form.of(mark + "<{tag}>").matching();
    Tag call = new Tag(schema, Form.of(mark + "</" + closing + ">"));
    call.content = Content.OBJECT;
    open.push(call);
  }

  @Override
  public Progress read(Input input) {
    Progress progress = Progress.GOING;
    boolean moves = true;
    while (moves && progress == Progress.GOING) {
      int before = input.position();
      progress = step(input, open.peek());
      moves = input.position() > before;
    }
    return progress;
  }

  private Progress step(Input input, Tag tag) {
    if (tag.content != Content.VALUE) {
      if (tag.content != Content.UNKNOWN) {
        input.skipSpaces();
      }
      if (input.isEmpty()) {
        return Progress.GOING;
      }
    }
    return switch (tag.content) {
      case VALUE -> value(input, tag);
      case OBJECT, LIST -> between(input, tag);
      case UNKNOWN -> first(input, tag);
    };
  }

  private Progress value(Input input, Tag tag) {
    while (!input.isEmpty()) {
      switch (tag.closing.at(input)) {
        case YES -> {
          tag.value.finish(arguments);
          return close(input, tag);
        }
        case MAYBE -> {
          return Progress.GOING;
        }
        case NO -> {
          tag.value.accept(input.peek(), arguments);
          input.skip(1);
        }
      }
    }
    return Progress.GOING;
  }

  /** Between the tags of an object or list. */
  private Progress between(Input input, Tag tag) {
    return switch (tag.closing.at(input)) {
      case YES -> {
        arguments.append(tag.any ? "" : tag.content == Content.LIST ? "[" : "{");
        arguments.append(tag.content == Content.LIST ? ']' : '}');
        yield close(input, tag);
      }
      case MAYBE -> Progress.GOING;
      case NO ->
          switch (opening.at(input)) {
            case YES -> open(input, tag);
            case MAYBE -> Progress.GOING;
            case NO -> Progress.MALFORMED;
          };
    };
  }

  /** At the start of what a tag holds. */
  private Progress first(Input input, Tag tag) {
    Form.Matching.Result closes = tag.closing.at(input);
    Form.Matching.Result opens = tag.schema.isText() ? Form.Matching.Result.NO : opening.at(input);
    if (closes == Form.Matching.Result.MAYBE || opens == Form.Matching.Result.MAYBE) {
      return Progress.GOING;
    }
    if (closes == Form.Matching.Result.YES && isContainer(tag.schema)) {
      tag.content = tag.schema.mayBe(Kind.ARRAY) ? Content.LIST : Content.OBJECT;
      return between(input, tag);
    }
    if (opens == Form.Matching.Result.YES) {
      boolean list = tag.schema.mayBe(Kind.ARRAY) && opening.hole("tag").equals(ELEMENT);
      boolean object = tag.schema.mayBe(Kind.OBJECT);
      tag.content = list || !object ? Content.LIST : Content.OBJECT;
      return open(input, tag);
    }
    tag.content = Content.VALUE;
    return value(input, tag);
  }

  private static boolean isContainer(Schema schema) {
    return !schema.mayBe(Kind.STRING) && (schema.mayBe(Kind.OBJECT) || schema.mayBe(Kind.ARRAY));
  }

  private Progress open(Input input, Tag parent) {
    String name = opening.hole("tag");
    opening.take(input);
    boolean list = parent.content == Content.LIST;
    arguments.append(parent.any ? "," : list ? "[" : "{");
    parent.any = true;
    if (!list) {
      JsonStrings.appendQuoted(name, arguments);
      arguments.append(':');
    }
    Schema schema = list ? parent.schema.element() : parent.schema.property(name);
    open.push(new Tag(schema, Form.of(mark + "</" + name + ">").beforeOrEnd(mark)));
    return open.size() > MAX_DEPTH ? Progress.MALFORMED : Progress.GOING;
  }

  private Progress close(Input input, Tag tag) {
    tag.closing.take(input);
    open.pop();
    return open.isEmpty() ? Progress.COMPLETE : Progress.GOING;
  }

  @Override
  public Optional<Head> head() {
    return arguments.isEmpty() && open.size() == 1 && !open.peek().any
        ? Optional.empty()
        : Optional.of(head);
  }

  @Override
  public String takeArguments() {
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
