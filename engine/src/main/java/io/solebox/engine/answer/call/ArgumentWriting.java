package io.solebox.engine.answer.call;

import io.solebox.engine.constrain.schema.CallForm;
import java.util.List;
import java.util.Optional;

/** How models write the arguments of a call. Equal where it says the same. */
public sealed interface ArgumentWriting {
  /** One JSON object. */
  record Json() implements ArgumentWriting {}

  /**
   * One by one, each between marks, as {@link ParameterReader} reads them. The marks are texts of
   * {@link Form}s.
   *
   * @param written the marks that are written; JSON stands between the first
   * @param openings all that are read in front of a value
   * @param endings all that are read behind one
   * @param closings behind the last argument
   */
  record Parameters(
      List<Around> written, List<String> openings, List<String> endings, List<String> closings)
      implements ArgumentWriting {
    public Parameters {
      written = List.copyOf(written);
      openings = List.copyOf(openings);
      endings = List.copyOf(endings);
      closings = List.copyOf(closings);
    }

    @Override
    public Optional<CallForm> form(Schema schema, WrittenMarks marks) {
      return Optional.of(new ParameterForm(this, schema, marks));
    }

    /** The end that is a part of all ends. */
    String end() {
      String shortest = endings.getFirst();
      for (String ending : endings) {
        shortest = ending.length() < shortest.length() ? ending : shortest;
      }
      return shortest.strip();
    }
  }

  /**
   * As a programming language writes them, as {@link LiteralsReader} reads them.
   *
   * @param assign between a name and its value
   * @param end behind the last value
   * @param mark around texts; empty where they have quotes as in Python
   */
  record Literals(char assign, char end, Optional<String> mark) implements ArgumentWriting {
    @Override
    public List<String> closings() {
      return List.of(String.valueOf(end));
    }

    @Override
    public Optional<CallForm> form(Schema schema, WrittenMarks marks) {
      return Optional.of(
          new CallForm.Literals(
              String.valueOf(assign),
              mark.map(text -> new CallForm.Mark(text, marks.texts().apply(text)))));
    }
  }

  /**
   * The marks of one argument.
   *
   * @param opening with the hole {@code key}, and possibly {@code type} or {@code string}
   */
  record Around(String opening, String ending) {}

  /**
   * The same for a grammar; empty for JSON.
   *
   * @param schema of the tool's parameters
   */
  default Optional<CallForm> form(Schema schema, WrittenMarks marks) {
    return Optional.empty();
  }

  /** What may stand behind the arguments and is no part of them; nothing behind JSON. */
  default List<String> closings() {
    return List.of();
  }
}
