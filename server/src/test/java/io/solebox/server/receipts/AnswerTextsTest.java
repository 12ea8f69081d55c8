package io.solebox.server.receipts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.receipts.AnswerTexts.Departure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers say, and where two of them part. */
class AnswerTextsTest {
  private static AnswerTexts texts(String path, String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return AnswerTexts.of(new JsonReader(JsonLimits.LOCAL).readObject(bytes), path).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/completions | 'choices':[{'text':'hello','finish_reason':'stop'}]",
        "/v1/chat/completions |"
            + " 'choices':[{'message':{'role':'assistant','reasoning_content':'I','content':'hello'}}]",
        "/v1/responses |"
            + " 'output':[{'id':'a','type':'reasoning','content':[{'text':'I'}]},{'type':'message','content':[{'type':'output_text','text':'hello'}]}]",
        "/v1/messages |"
            + " 'content':[{'type':'thinking','thinking':'I'},{'type':'text','text':'hello'}]",
        "/api/chat | 'message':{'role':'assistant','content':'hello','thinking':'I'}",
        "/api/generate | 'response':'hello','thinking':'I'"
      })
  void everyApiSaysHello(String path, String members) {
    AnswerTexts said = texts(path, "{'id':'x','model':'echo'," + members + "}");
    assertEquals("hello", said.visible());
    assertEquals(Optional.empty(), said.departure("hello\n")); // the file's own end
    assertEquals(Optional.of(new Departure("text", 5, "", "\n\n")), said.departure("hello\n\n"));
    assertEquals(Optional.of(new Departure("text", 3, "lo", "p")), said.departure("help"));
    String later = members.replace("'a'", "'b'");
    assertEquals(
        Optional.empty(),
        said.departure(texts(path, "{'id':'y','model':'echo','created':7," + later + "}")));
    String other = members.replace("'I'", "'you'").replace("'hello'", "'help'");
    assertTrue(said.departure(texts(path, "{'model':'echo'," + other + "}")).isPresent());
  }

  @Test
  void callsAreSaidAndNotRead() {
    String path = "/v1/chat/completions";
    String call =
        "{'model':'echo','choices':[{'message':{'content':null,'tool_calls':"
            + "[{'id':'%s','type':'function','function':{'name':'f','arguments':'%s'}}]}}]}";
    AnswerTexts said = texts(path, call.formatted("call_1", "{}"));
    assertEquals("", said.visible());
    assertEquals(Optional.empty(), said.departure(texts(path, call.formatted("call_2", "{}"))));
    assertEquals(
        Optional.of(
            new Departure("choices.0.message.tool_calls.0.function.arguments", 1, "}", "1}")),
        said.departure(texts(path, call.formatted("call_2", "{1}"))));
  }

  @Test
  void aTextThatIsJsonIsNoAnswer() {
    byte[] text = "{\"choices\":[]}".getBytes(StandardCharsets.UTF_8);
    var json = new JsonReader(JsonLimits.LOCAL).readObject(text);
    assertEquals(Optional.empty(), AnswerTexts.of(json, "/v1/completions"));
  }
}
