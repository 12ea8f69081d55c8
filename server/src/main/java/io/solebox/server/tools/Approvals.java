package io.solebox.server.tools;

import io.solebox.server.storage.HandOver;
import io.solebox.storage.Database;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What people need not be asked about any more, each for themselves. What is for a chat that is
 * kept nowhere, or for somebody of whom nothing is kept, is remembered until the server ends. Safe
 * for many threads.
 */
public final class Approvals {
  private final Optional<Database> database;
  private final Map<String, List<Approval>> unkept = new ConcurrentHashMap<>();

  public Approvals(Optional<Database> database) {
    this.database = database;
  }

  /**
   * @param chat the only one it is for; empty for all
   * @param kept whether it outlives the server
   * @param now milliseconds since 1970
   */
  public void add(String owner, ToolSpec spec, Optional<String> chat, boolean kept, long now) {
    var made = new Approval(Ids.of("approval"), spec.name(), spec.fingerprint(), chat, now);
    if (!kept || database.isEmpty()) {
      unkept.computeIfAbsent(owner, _ -> new CopyOnWriteArrayList<>()).add(made);
      return;
    }
    database
        .get()
        .transaction(
            sql ->
                sql.update(
                    "INSERT INTO tool_approval (id, owner, tool, fingerprint, chat, created)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                    made.id(),
                    HandOver.owner(sql, owner),
                    made.tool(),
                    made.fingerprint(),
                    chat.orElse(null),
                    now));
  }

  /** Somebody's, the oldest first. */
  public List<Approval> of(String owner) {
    List<Approval> all = new ArrayList<>(unkept.getOrDefault(owner, List.of()));
    database.ifPresent(
        d ->
            all.addAll(
                d.read(
                    sql ->
                        sql.list(
                            row ->
                                new Approval(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    Optional.ofNullable(row.getString(4)),
                                    row.getLong(5)),
                            "SELECT id, tool, fingerprint, chat, created FROM tool_approval"
                                + " WHERE owner = ? ORDER BY created, id",
                            owner))));
    return all;
  }

  /** Whether a call of this tool needs no question; of the tool as it is now. */
  public boolean covers(String owner, String chat, ToolSpec spec) {
    String fingerprint = spec.fingerprint();
    return of(owner).stream()
        .filter(each -> each.tool().equals(spec.name()) && each.fingerprint().equals(fingerprint))
        .anyMatch(each -> each.chat().map(chat::equals).orElse(true));
  }

  /** Asks again from now on; returns whether there was one. */
  public boolean takeBack(String owner, String id) {
    boolean gone =
        Optional.ofNullable(unkept.get(owner))
            .filter(all -> all.removeIf(each -> each.id().equals(id)))
            .isPresent();
    return database
            .map(
                d ->
                    d.transaction(
                            sql ->
                                sql.update(
                                    "DELETE FROM tool_approval WHERE id = ? AND owner = ?",
                                    id,
                                    owner))
                        > 0)
            .orElse(false)
        || gone;
  }
}
