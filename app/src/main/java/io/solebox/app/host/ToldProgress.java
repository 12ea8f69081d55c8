package io.solebox.app.host;

import io.solebox.engine.backend.Progress;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequests.Written;
import io.solebox.server.host.HostResult;
import java.util.Map;

/** Writes for the server how far something is: each hundredth once. For one thread. */
final class ToldProgress implements Progress {
  private final RequestFolder folder;
  private final Written written;
  private String stage = "";
  private int hundredths;

  ToldProgress(RequestFolder folder, Written written) {
    this.folder = folder;
    this.written = written;
  }

  @Override
  public void report(String nowAt, double fraction) {
    int now = (int) (100 * fraction);
    if (nowAt.equals(stage) && now == hundredths) {
      return;
    }
    stage = nowAt;
    hundredths = now;
    folder.write(
        HostDesk.name(written.id()),
        HostResult.running(
                written.id(),
                written.request().kind(),
                Map.of("stage", stage, "progress", now / 100.0))
            .bytes());
  }

  /** Never: what was begun is ended, or fails. */
  @Override
  public boolean cancelled() {
    return false;
  }
}
