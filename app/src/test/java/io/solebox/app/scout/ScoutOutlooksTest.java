package io.solebox.app.scout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.memory.Sizings;
import io.solebox.scout.item.Money;
import io.solebox.scout.judge.Judgement.Outlook;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.judge.PlannedOutlooks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the planner says of cards, with the backends that would run on them. */
class ScoutOutlooksTest {
  private static final Money PRICE = Money.of("450", "EUR");
  private static final Sizings SIZINGS = Sizings.find(1);

  private static Part card(String key) {
    return PartTable.cards().parts().stream()
        .filter(each -> each.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Outlook> of(Outlooks outlooks, String card) {
    Map<String, Outlook> all = new LinkedHashMap<>();
    outlooks.of(card(card), PRICE).forEach(each -> all.put(each.name(), each));
    return all;
  }

  private static MachineWish board(String host, String supply) {
    return new MachineWish(
        host,
        Optional.of("gen3 x4"),
        List.of(),
        Optional.of(supply),
        Optional.of("side-fan"),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void saysWhatACardWouldDo() {
    Map<String, Outlook> all = of(PlannedOutlooks.anywhere(SIZINGS), "V100-SXM2-32GB");
    assertEquals(
        List.of("memory_13b", "tokens_per_second_13b", "watts_decode", "price_per_token_rate_13b"),
        List.copyOf(all.keySet()));
    assertTrue(all.get("tokens_per_second_13b").value().endsWith(" tok/s"));
    assertTrue(all.get("memory_13b").value().endsWith(": fits"));
    assertTrue(all.get("price_per_token_rate_13b").value().endsWith(" EUR"));
    all.values().forEach(each -> assertTrue(!each.reason().isBlank(), each.name()));
  }

  @Test
  void saysWhatIsInTheWayInTheOwnersBox() {
    Outlook small =
        of(PlannedOutlooks.in(board("RK3588", "400W gold"), SIZINGS), "A100-SXM4-80GB")
            .get("fits_box");
    assertEquals("not without more", small.value());
    assertTrue(small.reason().contains("BAR1"), small.reason());
    assertTrue(small.reason().contains("48 V"), small.reason());
    Outlook large =
        of(PlannedOutlooks.in(board("Altra", "1600W platinum"), SIZINGS), "A30").get("fits_box");
    assertTrue(!large.reason().contains("that is the limit"), large.reason());
  }

  @Test
  void whatDoesNotRunHasNoRateAndNoPriceOfIt() {
    Map<String, Outlook> all = of(PlannedOutlooks.anywhere(SIZINGS), "P40");
    assertEquals("does not run", all.get("tokens_per_second_13b").value());
    assertTrue(!all.containsKey("price_per_token_rate_13b"));
    assertTrue(!of(PlannedOutlooks.anywhere(SIZINGS), "P4").containsKey("memory_13b"));
  }

  @Test
  void namesThatNobodyKnowsAreSaidAtTheStart() {
    SoleboxException e =
        assertThrows(
            SoleboxException.class, () -> PlannedOutlooks.in(board("RK3589", "400W"), SIZINGS));
    assertTrue(e.remedy().contains("RK3588"), e.remedy());
  }
}
