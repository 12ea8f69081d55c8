package io.solebox.engine.answer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.Form.Matching;
import io.solebox.engine.answer.call.Form.Matching.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Markers found in text that comes bit by bit. */
class FormTest {
  private static Input input(String text) {
    Input input = new Input();
    input.append(text);
    return input;
  }

  private static Result at(Form form, String text) {
    return form.matching().at(input(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <call>            | NO
          <                 | MAYBE
          <tool             | MAYBE
          <tool>            | MAYBE
          '<tool>  '        | MAYBE
          <tool><f=         | MAYBE
          <tool><f=ab       | MAYBE
          <tool> <f=ab>     | YES
          <tool><f=a b>     | NO
          <tool><f=>        | NO
          <tool> x          | NO
          [tool             | NO
          """)
  void spacesAndHoles(String text, Result expected) {
    assertEquals(expected, at(Form.of("<tool> <f={name}>"), text));
  }

  @Test
  void whatIsFoundIsTaken() {
    Matching matching = Form.of("[{id}]{_}:{key}=").matching();
    Input input = input("[x1] junk :a key=rest");
    assertEquals(Result.YES, matching.at(input));
    assertEquals("x1", matching.hole("id"));
    assertEquals("a key", matching.hole("key"));
    assertTrue(matching.has("key"));
    assertFalse(matching.has("name"));
    assertEquals("", matching.hole("name"));
    matching.take(input);
    assertEquals("rest", input.next(input.available()));
  }

  @Test
  void ofSeveralTheFirstIsWaitedFor() {
    Form form = Form.of("ab\n", "ab");
    assertEquals(Result.MAYBE, at(form, "ab"));
    assertEquals(Result.YES, at(form, "abc"));
    Input ended = input("ab");
    ended.end();
    assertEquals(Result.YES, form.matching().at(ended));
    assertEquals(Result.NO, at(Form.none(), "ab"));
  }

  @Test
  void whatFollowsMayMatter() {
    Form before = Form.of("</v>").before("<v>", "</c>");
    assertEquals(Result.MAYBE, at(before, "</v> "));
    assertEquals(Result.YES, at(before, "</v> \n</c>"));
    assertEquals(Result.NO, at(before, "</v> and"));
    assertEquals(Result.NO, at(before, "</v>" + " ".repeat(200)), "not for ever");
    Form orEnd = Form.of("</v>").beforeOrEnd("<v>");
    assertEquals(Result.MAYBE, at(orEnd, "</v> "));
    Input ended = input("</v> ");
    ended.end();
    assertEquals(Result.YES, orEnd.matching().at(ended));
    assertEquals(Result.NO, before.matching().at(ended));
  }

  @Test
  void nothingIsWaitedForForLong() {
    Form form = Form.of("<f={name}>");
    assertEquals(Result.MAYBE, at(form, "<f=" + "a".repeat(50)));
    assertEquals(Result.NO, at(form, "<f=" + "a".repeat(200)));
  }
}
