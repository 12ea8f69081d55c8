package io.solebox.app.bench.report;

import io.solebox.app.console.Json;
import java.util.Map;

/** How JSON lies in a page: as data that no browser runs. */
public final class ReportPage {
  private static final String OPEN = "<script type=\"application/json\" id=\"solebox-report\">";
  private static final String CLOSE = "</script>";

  private ReportPage() {}

  /** What lies in a page. A text of somebody's that would end it is written otherwise. */
  public static String embedded(Map<String, Object> fields) {
    String json =
        Json.text(fields).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    return OPEN + json + CLOSE + "\n";
  }

  /** Whether a file of this beginning was written by us, whole or not. */
  static boolean isOurs(String text) {
    String begin = text.stripLeading();
    return begin.startsWith("{\"schema\":\"solebox.bench.") || text.contains(OPEN);
  }

  /** The JSON of a page, or of a file that is nothing else. */
  static String jsonOf(String text, String file) {
    if (text.stripLeading().startsWith("{")) {
      return text;
    }
    int open = text.indexOf(OPEN);
    if (open < 0) {
      throw ReportReader.bad(
          file, "This is no report: neither JSON nor a page that has it inside.");
    }
    int close = text.indexOf(CLOSE, open);
    if (close < 0) {
      throw ReportReader.bad(file, "This report is cut off: its end is not there.");
    }
    return text.substring(open + OPEN.length(), close);
  }
}
