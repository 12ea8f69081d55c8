package io.solebox.server.hardware;

import io.solebox.engine.json.JsonWriter;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.doctor.Doctor;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.FindingFields;
import io.solebox.hardware.doctor.check.Checks;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Examines this machine, as {@code solebox doctor} does; tools of the system are asked anew each
 * time, so one examination goes on at a time.
 */
final class DoctorRoute {
  private final JsonWriter json;
  private final AtomicBoolean examining = new AtomicBoolean();

  DoctorRoute(JsonWriter json) {
    this.json = json;
  }

  void answer(Exchange exchange) {
    if (!examining.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "The machine is being examined already.");
    }
    List<Finding> findings;
    try {
      findings = new Doctor(Checks.all()).examine(MachineBox.here());
    } finally {
      examining.set(false);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", FindingFields.of(findings));
    exchange.send(200, "application/json", json.bytes(body));
  }
}
