package io.solebox.server.models;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code /health} answers.
 *
 * @param ok whether requests are answered
 * @param ready whether there is a model that answers, or would be loaded for who asks
 */
public record Health(boolean ok, boolean ready, Map<String, Object> body) {
  /**
   * Its status is {@code ok} if models answer or would be loaded for who asks, {@code failing} if
   * one that is loaded does not, {@code loading} with the fraction of all, {@code failed} if none
   * is there and none could be loaded, {@code draining}; {@code paused}, {@code stopped} or {@code
   * cut} while the hardware must not take new work.
   */
  public static Health of(Models models, boolean draining) {
    List<Status> all = models.everything();
    boolean held = models.hardware().isHeld();
    String status =
        draining
            ? "draining"
            : held ? models.hardware().ruling().level().word() : status(models, all);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("fraction", all.stream().mapToDouble(Health::fraction).average().orElse(0));
    body.put("models", all.stream().map(s -> named(models, s)).collect(Collectors.toList()));
    models.hardware().told().ifPresent(told -> body.put("hardware", told));
    boolean ready = !draining && !held && all.stream().anyMatch(each -> answers(models, each));
    return new Health(status.equals("ok"), ready, body);
  }

  private static boolean answers(Models models, Status status) {
    return switch (status.state()) {
      case ModelState.Ready ready -> models.trouble(status.name(), ready).isEmpty();
      case ModelState.Absent _ -> true;
      case ModelState.Loading _, ModelState.Failed _ -> false;
    };
  }

  private static Map<String, Object> named(Models models, Status status) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", status.name());
    model.putAll(models.state(status));
    return model;
  }

  private static String status(Models models, List<Status> all) {
    boolean answering = false;
    boolean loading = false;
    boolean waiting = false;
    for (Status status : all) {
      switch (status.state()) {
        case ModelState.Ready ready -> {
          if (models.trouble(status.name(), ready).isPresent()) {
            return "failing";
          }
          answering = true;
        }
        case ModelState.Loading _ -> loading = true;
        case ModelState.Absent _ -> waiting = true;
        case ModelState.Failed _ -> {}
      }
    }
    if (answering) {
      return "ok";
    }
    return loading ? "loading" : waiting ? "ok" : "failed";
  }

  private static double fraction(Status status) {
    return switch (status.state()) {
      case ModelState.Ready _, ModelState.Absent _ -> 1;
      case ModelState.Loading loading -> loading.fraction();
      case ModelState.Failed _ -> 0;
    };
  }
}
