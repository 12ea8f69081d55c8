package io.solebox.app.smoke;

import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.SmokeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What goes from each card to each other, as rows and columns; empty where no pair was measured.
 *
 * @param head a corner, then the cards that are sent to
 * @param rows each a card that sends, then its figures; a dash where none was measured
 */
record PeerMatrix(List<String> head, List<List<String>> rows) {
  /** Of a figure of pairs, as in {@code peer.direct}. */
  static Optional<PeerMatrix> of(SmokeReport report, String id) {
    List<Figure> pairs = report.figures().stream().filter(each -> each.id().equals(id)).toList();
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    List<String> devices = report.cards().stream().map(CardFacts::device).toList();
    List<String> head = new ArrayList<>(devices);
    head.addFirst(pairs.getFirst().unit().people());
    return Optional.of(
        new PeerMatrix(head, devices.stream().map(from -> row(from, devices, pairs)).toList()));
  }

  private static List<String> row(String from, List<String> devices, List<Figure> pairs) {
    List<String> row = new ArrayList<>(List.of("from " + from));
    for (String to : devices) {
      row.add(
          pairs.stream()
              .filter(each -> each.subject().equals(from + " to " + to))
              .map(each -> each.unit().number(each.value()))
              .findFirst()
              .orElse("-"));
    }
    return row;
  }
}
