package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Figure.Point;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code bench} found out about a model on a machine.
 *
 * @param at when it was finished
 * @param version of Solebox
 * @param command without the folders of files
 * @param missing what was to be measured and was not, each with the reason
 * @param notes what a reader should know of the figures
 */
public record BoxReport(
    Instant at,
    String version,
    String command,
    Machine machine,
    Subject model,
    Conditions conditions,
    List<Figure> figures,
    Trace trace,
    List<String> missing,
    List<String> notes) {
  public BoxReport {
    figures = List.copyOf(figures);
    missing = List.copyOf(missing);
    notes = List.copyOf(notes);
  }

  List<Figure> of(Quantity quantity) {
    return figures.stream().filter(each -> each.quantity() == quantity).toList();
  }

  Optional<Figure> first(Quantity quantity) {
    return of(quantity).stream().findFirst();
  }

  /** Of one client over contexts. */
  List<Figure> overContext(Quantity quantity) {
    return of(quantity).stream().filter(each -> clients(each) == 1).filter(this::isSweep).toList();
  }

  /** Of all clients together, over their number. */
  List<Figure> overClients(Quantity quantity) {
    return of(quantity).stream()
        .filter(each -> each.point().map(Point::context).orElse(0) == conditions.clientPrompt())
        .toList();
  }

  private boolean isSweep(Figure figure) {
    return figure.by().isEmpty();
  }

  private static int clients(Figure figure) {
    return figure.point().map(Point::clients).orElse(0);
  }
}
