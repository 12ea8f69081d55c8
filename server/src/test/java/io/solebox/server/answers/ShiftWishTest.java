package io.solebox.server.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShiftWishTest {
  private static int kept(OptionalInt keep, boolean begins) {
    return new ShiftWish(true, keep, OptionalInt.empty(), "n_keep").kept(10, begins);
  }

  @Test
  void theBeginTokenStaysBesideThoseThatAreToStay() {
    assertEquals(0, kept(OptionalInt.of(0), false));
    assertEquals(1, kept(OptionalInt.of(0), true));
    assertEquals(10, kept(OptionalInt.of(9), true));
    assertEquals(10, kept(OptionalInt.of(10), true));
    assertEquals(10, kept(OptionalInt.empty(), true));
  }

  @Test
  void aPromptHasNoMoreThanItsTokens() {
    assertEquals(10, kept(OptionalInt.of(Integer.MAX_VALUE), false));
    assertEquals(10, kept(OptionalInt.of(Integer.MAX_VALUE), true));
  }
}
