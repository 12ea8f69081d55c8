package io.solebox.scout.judge;

import io.solebox.hardware.table.Part;
import io.solebox.scout.item.Money;
import java.util.List;

/** What cards would do for whoever buys them. */
@FunctionalInterface
public interface Outlooks {
  /** Nothing is said of any card. */
  Outlooks NONE = (_, _) -> List.of();

  /**
   * @param perUnit what one costs; in its currency are those figures that are money
   */
  List<Judgement.Outlook> of(Part card, Money perUnit);
}
