package io.solebox.server.hardware;

import io.solebox.engine.json.JsonWriter;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.FindingFields;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Examines this machine, as {@code solebox doctor} does; tools of the system are asked anew each
 * time, so one examination goes on at a time.
 */
final class DoctorRoute {
  private final JsonWriter json;
  private final Supplier<List<Finding>> doctor;
  private final AtomicBoolean examining = new AtomicBoolean();

  /**
   * @param doctor examines
   */
  DoctorRoute(JsonWriter json, Supplier<List<Finding>> doctor) {
    this.json = json;
    this.doctor = doctor;
  }

  void answer(Exchange exchange) {
    if (!examining.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "The machine is being examined already.");
    }
    List<Finding> findings;
    try {
      findings = doctor.get();
    } finally {
      examining.set(false);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", FindingFields.of(findings));
    exchange.send(200, "application/json", json.bytes(body));
  }
}
