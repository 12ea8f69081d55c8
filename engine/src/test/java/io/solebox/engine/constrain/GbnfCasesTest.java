package io.solebox.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.constrain.text.GbnfReader;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The grammars of {@code shared/testdata/grammar}, as answers are held to them. */
class GbnfCasesTest {
  /** Ids that no grammar names: of the tokens of texts, each with one byte. */
  private static final int TEXTS = 1000;

  private static final TokenNames NAMES =
      new TokenNames() {
        @Override
        public int size() {
          return TEXTS;
        }

        @Override
        public OptionalInt id(String text) {
          return OptionalInt.empty();
        }
      };

  private static List<JsonNode> cases(String name) throws IOException {
    JsonMapper json = new JsonMapper();
    return Files.readString(SharedData.folder("grammar").resolve(name))
        .lines()
        .map(json::readTree)
        .toList();
  }

  /** A text, or bytes with tokens between: ff and the number in four bytes. */
  private static boolean accepts(Machine machine, JsonNode text) {
    byte[] bytes =
        text.isString()
            ? text.asString().getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode(text.get("bytes_b64").asString());
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    MatchState state = machine.start();
    while (rest.hasRemaining()) {
      int next = rest.get() & 0xff;
      state =
          next == 0xff
              ? machine.nextToken(state, rest.getInt())
              : machine.either(machine.next(state, next), machine.nextToken(state, TEXTS + next));
    }
    return state.isComplete();
  }

  @Test
  void casesOfLlamaCppAreDecidedAsThere() throws IOException {
    for (JsonNode one : cases("gbnf.jsonl")) {
      Grammar grammar = GbnfReader.read(one.get("grammar").asString(), NAMES);
      Machine machine = new Machine(CompiledGrammar.of(grammar).network());
      String name = one.get("desc").asString();
      one.get("accept").forEach(t -> assertTrue(accepts(machine, t), name + ": " + t));
      one.get("reject").forEach(t -> assertFalse(accepts(machine, t), name + ": " + t));
    }
  }

  @Test
  void whatLlamaCppRefusesIsRefused() throws IOException {
    for (JsonNode one : cases("gbnf-bad.jsonl")) {
      String text = one.get("grammar").asString();
      SoleboxException refused =
          assertThrows(
              SoleboxException.class, () -> CompiledGrammar.of(GbnfReader.read(text, NAMES)), text);
      assertEquals(ErrorCode.BAD_GRAMMAR, refused.code());
    }
  }
}
