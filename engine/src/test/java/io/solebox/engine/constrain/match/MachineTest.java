package io.solebox.engine.constrain.match;

import static io.solebox.engine.constrain.grammar.Expression.choice;
import static io.solebox.engine.constrain.grammar.Expression.sequence;
import static io.solebox.engine.constrain.grammar.Expression.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Characters;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.grammar.PlainMatcher;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.CodePointSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MachineTest {
  private static final String[] LETTERS = {"a", "b", "\u00e9"};

  private final Random random = new Random(11);

  private Expression expression(int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 8)) {
      case 0 -> text(LETTERS[random.nextInt(3)]);
      case 1 -> new Characters(CodePointSet.range('a', random.nextBoolean() ? 'b' : 0x10ffff));
      case 2 -> random.nextInt(4) == 0 ? Expression.EMPTY : text("ab");
      case 3, 4 -> sequence(expression(depth - 1), expression(depth - 1));
      case 5 -> choice(expression(depth - 1), expression(depth - 1));
      case 6 -> repeat(expression(depth - 1));
      default -> new Call(random.nextBoolean() ? "one" : "two");
    };
  }

  private Repeat repeat(Expression body) {
    int min = random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> new Repeat(body, min, Expression.UNBOUNDED);
      case 1 -> new Repeat(body, min, min + 70); // counted, not written out
      default -> new Repeat(body, min, min + random.nextInt(3));
    };
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(List.of(""));
    for (int from = 0, length = 1; length <= 5; length++) {
      int to = texts.size();
      for (; from < to; from++) {
        for (String letter : LETTERS) {
          texts.add(texts.get(from) + letter);
        }
      }
    }
    return texts;
  }

  private static boolean accepts(Machine machine, String text) {
    MatchState state = machine.start();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      machine.renewWork();
      state = machine.next(state, b & 0xff);
    }
    return state.isComplete();
  }

  /** A machine that forgets nearly all at once finds the same. */
  @Test
  void textsAreAcceptedAsTheGrammarSays() {
    int compared = 0;
    List<String> texts = texts();
    for (int i = 0; i < 300; i++) {
      Map<String, Expression> rules = new LinkedHashMap<>();
      rules.put("root", expression(4));
      rules.put("one", expression(3));
      rules.put("two", expression(2));
      Grammar grammar = new Grammar("root", rules);
      Network network;
      try {
        network = Network.of(grammar);
      } catch (SoleboxException e) {
        continue; // one that begins with itself, or has no text
      }
      Machine machine = new Machine(network);
      Machine forgetful = new Machine(network, 20);
      for (String text : texts) {
        boolean expected = PlainMatcher.accepts(grammar, text);
        assertEquals(expected, accepts(machine, text), () -> text + " of " + grammar);
        assertEquals(expected, accepts(forgetful, text), () -> text + " of " + grammar);
        compared++;
      }
    }
    assertTrue(compared > 20_000, "compared " + compared);
  }

  @Test
  void rulesThatDoubleEndSoon() {
    Map<String, Expression> rules = new HashMap<>();
    rules.put("root", sequence(text("x"), new Call("a0")));
    for (int i = 0; i < 60; i++) {
      Expression next = new Repeat(new Call("a" + (i + 1)), 0, 0);
      rules.put("a" + i, sequence(next, next));
    }
    rules.put("a60", text("y"));
    assertTrue(accepts(new Machine(Network.of(new Grammar("root", rules))), "x"));
  }

  @Test
  void longChainsOfRulesAreNoTrouble() {
    int length = 20_000;
    Map<String, Expression> rules = new LinkedHashMap<>();
    for (int i = 0; i < length; i++) {
      rules.put("r" + i, new Call("r" + (i + 1)));
    }
    rules.put("r" + length, Expression.EMPTY);
    assertTrue(accepts(new Machine(Network.of(new Grammar("r0", rules))), ""));
    rules.put("r" + length, text("y"));
    assertTrue(accepts(new Machine(Network.of(new Grammar("r0", rules))), "y"));
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() {
    Expression deep = text("x");
    for (int i = 0; i < 100_000; i++) {
      deep = deep.optional();
    }
    Grammar grammar = Grammar.of(deep);
    assertThrows(SoleboxException.class, () -> Network.of(grammar));
  }

  /** Stacks that are united all the way down. */
  @Test
  void deepStacksEndInTime() {
    Expression rest = sequence(text(" "), new Call("root"), text("x").optional());
    Grammar grammar = Grammar.of(choice(rest, text("\udbff\udfff")));
    Machine machine = new Machine(Network.of(grammar));
    MatchState state = machine.start();
    for (int i = 0; i < 100_000; i++) {
      machine.renewWork();
      state = machine.next(state, ' ');
    }
    MatchState deep = state;
    byte[] end = "\udbff\udfff".getBytes(StandardCharsets.UTF_8);
    machine.renewWork();
    assertThrows(
        SoleboxException.class,
        () -> {
          MatchState at = deep;
          for (byte b : end) {
            at = machine.next(at, b & 0xff);
          }
        });
    machine.renewWork();
    assertFalse(machine.start().isDead());
  }
}
