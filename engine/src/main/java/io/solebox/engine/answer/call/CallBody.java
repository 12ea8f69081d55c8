package io.solebox.engine.answer.call;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * How what follows a call's opening is written. Made by {@link CallBodies}. Immutable.
 *
 * @param markers that it has, and that a reader must see
 * @param writing of the arguments
 * @param readers one for each call, by what its opening said, where the name is empty if it is to
 *     come, and by the tools
 */
public record CallBody(
    List<String> markers,
    ArgumentWriting writing,
    BiFunction<CallReader.Head, Tools, CallReader> readers) {
  static CallBody of(
      Stream<Form> forms,
      ArgumentWriting writing,
      BiFunction<CallReader.Head, Tools, CallReader> readers) {
    return new CallBody(forms.flatMap(Form::literals).toList(), writing, readers);
  }

  /** A reader for one call. */
  public CallReader reader(CallReader.Head head, Tools tools) {
    return readers.apply(head, tools);
  }
}
