package io.solebox.app.smoke;

import io.solebox.app.bench.report.Trace;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.SmokeReport.Curve;
import java.util.ArrayList;
import java.util.List;

/** What is found, as it comes. Owned by the thread that runs the test. */
final class Found {
  final List<Figure> figures = new ArrayList<>();
  final List<Curve> curves = new ArrayList<>();
  final List<Trace.Line> speeds = new ArrayList<>();
  final List<String> missing = new ArrayList<>();
  final List<String> notes = new ArrayList<>();

  /** No room is no fault; a card that is lost, or sums up wrongly, is. */
  void failed(String subject, String what, SoleboxException why) {
    if (why.code() == ErrorCode.DEVICE_UNAVAILABLE) {
      figures.add(Figure.lost(subject, what, why.describe()));
    } else {
      missing.add("%s on %s: %s".formatted(what, subject, why.describe()));
    }
  }
}
