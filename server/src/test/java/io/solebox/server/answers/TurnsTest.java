package io.solebox.server.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where conversations are cut. Roles go by their first letters: s, u, a, t. */
class TurnsTest {
  private static final List<String> PIECES = List.of("u", "a", "at", "att");

  private static Turns turns(String roles) {
    Map<Character, String> names =
        Map.of('s', "system", 'u', "user", 'a', "assistant", 't', "tool");
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < roles.length(); i++) {
      messages.add(Map.of("role", names.get(roles.charAt(i)), "content", "m" + i));
    }
    return new Turns(messages);
  }

  private static String left(Turns turns, int cut) {
    StringBuilder roles = new StringBuilder();
    turns.without(cut).forEach(message -> roles.append(((String) message.get("role")).charAt(0)));
    return roles.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "u, u",
    "su, su",
    "uau, uau u",
    "suauau, suauau suau su",
    "suatatau, suatatau su",
    "suatat, suatat suat",
    "suauatatat, suauatatat suatatat suatat suat",
    "ssuauaa, ssuauaa ssuaa ssua",
    "aua, aua ua",
    "at, at",
    "sata, sata sa",
    "usuau, usuau uau u",
    "s, s"
  })
  void wholeTurnsGoFirstAndThenSteps(String roles, String expected) {
    Turns turns = turns(roles);
    List<String> left = turns.cuts().stream().map(cut -> left(turns, cut)).toList();
    assertEquals(expected, String.join(" ", left));
  }

  @Test
  void whatMustStayStays() {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      StringBuilder roles = new StringBuilder("ss".substring(random.nextInt(3)));
      IntStream.range(0, 1 + random.nextInt(8))
          .forEach(_ -> roles.append(PIECES.get(random.nextInt(PIECES.size()))));
      Turns turns = turns(roles.toString());
      List<Integer> cuts = turns.cuts();
      assertEquals(cuts.stream().sorted().distinct().toList(), cuts, roles::toString);
      assertEquals(turns.messages(), turns.without(cuts.getFirst()));
      for (int cut : cuts) {
        List<Map<String, Object>> left = turns.without(cut);
        assertEquals(turns.messages().size() - cut, left.size(), roles::toString);
        assertEquals(turns.messages().getLast(), left.getLast());
        assertEquals(roles.indexOf("u") >= 0, left(turns, cut).contains("u"), roles::toString);
        assertTrue(
            cut == 0 || !left(turns, cut).startsWith("t") && !left(turns, cut).contains("ut"),
            roles::toString);
      }
    }
  }
}
