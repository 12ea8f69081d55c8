package io.solebox.server.tools;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.storage.Belonging;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an owner need not be asked any more. */
public final class ToolBelongings implements Belonging {
  private final Approvals approvals;
  private final JsonWriter json = new JsonWriter();

  public ToolBelongings(Database database) {
    this.approvals = new Approvals(Optional.of(database));
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    List<Map<String, Object>> all = approvals.of(owner).stream().map(Approval::json).toList();
    if (!all.isEmpty()) {
      byte[] content = json.bytes(Map.of("approvals", all));
      taker.take("tool-approvals.json", new ByteArrayInputStream(content));
    }
  }

  /** Their rows go with those of all tables that have owners. */
  @Override
  public Runnable delete(Sql sql, String owner) {
    return () -> {};
  }
}
