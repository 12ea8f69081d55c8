package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Literals.Quotes;
import java.util.List;
import java.util.stream.Stream;

/** The ways in which models write what they call a tool with. */
public final class CallBodies {
  private static final ArgumentWriting JSON = new ArgumentWriting.Json();

  private CallBodies() {}

  /** One JSON object that names the tool: {@code {"name": "f", "arguments": {}}}. */
  public static CallBody jsonCall() {
    return CallBody.of(Stream.of(), JSON, (_, _) -> new JsonCallReader(false));
  }

  /** The same without markers around it: without arguments it is no call. */
  public static CallBody bareJsonCall() {
    return CallBody.of(Stream.of(), JSON, (_, _) -> new JsonCallReader(true));
  }

  /**
   * The arguments as one JSON object.
   *
   * @param closing what stands behind it
   */
  public static CallBody jsonArguments(Form closing) {
    return CallBody.of(
        Stream.of(closing), JSON, (head, _) -> new JsonArgumentsReader(head, closing));
  }

  /**
   * The same; where a tool of that name was offered, also a text that is its argument.
   *
   * @param interpreter the name of that tool
   * @param closing what stands behind it
   */
  public static CallBody jsonArgumentsOrCode(String interpreter, Form closing) {
    return CallBody.of(
        Stream.of(closing),
        JSON,
        (head, tools) -> new CodeCallReader(interpreter, head, tools, closing));
  }

  /**
   * Each argument between markers, without quotes. What a form looks like first is how it is
   * written.
   *
   * @param opening in front of a value: its {@code key}, and possibly its {@code type}, or whether
   *     it is a {@code string}
   * @param ending behind a value, together with what must follow
   * @param closing behind the last one
   */
  public static CallBody parameters(Form opening, Form ending, Form closing) {
    return parameters(
        opening,
        ending,
        closing,
        new ArgumentWriting.Around(opening.texts().getFirst(), ending.texts().getFirst()));
  }

  /**
   * The same.
   *
   * @param written the markers that are written; JSON stands between the first
   */
  public static CallBody parameters(
      Form opening, Form ending, Form closing, ArgumentWriting.Around... written) {
    Parameters form = new Parameters(opening, ending, closing);
    return CallBody.of(
        Stream.of(opening, ending, closing),
        new ArgumentWriting.Parameters(
            List.of(written), opening.texts(), ending.texts(), closing.texts()),
        (head, tools) -> new ParameterReader(head, tools.parametersOf(head.name()), form));
  }

  /**
   * {@code a="x", b=[1, None])}: what stands behind a function's opening bracket in Python. JSON's
   * words do as well.
   */
  public static CallBody python() {
    return literals(
        new Literals.Dialect('=', ')', List.of(new Quotes("\"", true), new Quotes("'", true))));
  }

  /**
   * {@code a:"x",b:[1,null]}}, with keys that need no quotes.
   *
   * @param quotes around texts, in which nothing is escaped
   */
  public static CallBody bareKeys(String quotes) {
    return literals(
        new Literals.Dialect(':', '}', List.of(new Quotes(quotes, false), new Quotes("\"", true))));
  }

  private static CallBody literals(Literals.Dialect dialect) {
    return CallBody.of(
        dialect.quotes().stream().map(quotes -> Form.of(quotes.marks())),
        new ArgumentWriting.Literals(dialect.assign(), dialect.end(), dialect.mark()),
        (head, _) -> new LiteralsReader(head, dialect));
  }

  /**
   * Each argument between tags that bear its name; objects and lists as tags in tags.
   *
   * @param mark in front of every tag
   * @param closing the name of the tag that closes the call
   */
  public static CallBody nestedTags(String mark, String closing) {
    return CallBody.of(
        Stream.of(Form.of(mark)),
        JSON,
        (head, tools) -> new NestedTagReader(head, tools.parametersOf(head.name()), mark, closing));
  }
}
