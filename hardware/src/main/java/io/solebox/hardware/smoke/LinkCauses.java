package io.solebox.hardware.smoke;

import io.solebox.hardware.pci.PciLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is wrong with a link, or with the slot that the card is in. */
final class LinkCauses {
  private LinkCauses() {}

  static List<String> words(LinkFacts link) {
    List<String> reasons = new ArrayList<>();
    if (link.atWork().isPresent() && link.due().isPresent()) {
      width(link.atWork().get(), link.due().get(), reasons);
      speed(link.atWork().get(), link.due().get(), reasons);
    }
    if (link.card().isPresent() && link.slot().isPresent()) {
      slot(link.card().get(), link.slot().get(), reasons);
    }
    return reasons;
  }

  private static void width(PciLink now, PciLink due, List<String> reasons) {
    if (now.lanes() < due.lanes()) {
      reasons.add(
          "%s: %d of %d lanes work. Seat the card anew, clean its contacts, try another riser; look at the slot's bifurcation in the firmware."
              .formatted(
                  now.lanes() * 2 == due.lanes() ? "Half width" : "Lanes are missing",
                  now.lanes(),
                  due.lanes()));
    }
  }

  private static void speed(PciLink now, PciLink due, List<String> reasons) {
    if (now.transfers() < due.transfers()) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "The link runs at %.1f of %.1f GT/s at work: a riser or cable that is too long or bad,"
                  + " or the slot's generation is set in the firmware.",
              now.transfers(),
              due.transfers()));
    }
  }

  private static void slot(PciLink card, PciLink slot, List<String> reasons) {
    double gain =
        card.gigabytes()
            / Math.min(
                card.gigabytes(),
                new PciLink(
                        Math.min(card.transfers(), slot.transfers()),
                        Math.min(card.lanes(), slot.lanes()))
                    .gigabytes());
    if (gain > 1.01) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "The slot is less than the card: %s against %s. In a better one its link would be %.1f"
                  + " times as fast.",
              slot,
              card,
              gain));
    }
  }
}
