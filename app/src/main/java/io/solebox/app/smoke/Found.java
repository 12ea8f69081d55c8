package io.solebox.app.smoke;

import io.solebox.app.bench.report.Trace;
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
}
