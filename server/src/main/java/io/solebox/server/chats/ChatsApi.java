package io.solebox.server.chats;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.run.Runs;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.http.Api;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Route;
import io.solebox.server.models.Models;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Owners;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chats of the pages: what is said in them, and the answers that the server computes. */
public final class ChatsApi implements AutoCloseable {
  private final Models models;
  private final Optional<Vault> vault;
  private final Chats chats;
  private final Runs runs;
  private final Ground ground;
  private final IdleSweep sweep;

  /**
   * @param asks reads what is asked of models, as {@code /v1/chat/completions} does
   * @param observers hear of answers
   * @param vault empty where nothing may be kept
   */
  public ChatsApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Faults faults,
      Observers observers,
      Runs.Asks asks,
      Optional<Vault> vault) {
    this.models = models;
    this.vault = vault;
    this.chats = new Chats(vault.map(SealedChats::new), clock);
    this.runs = new Runs(models, faults, observers, asks, this::ended);
    this.ground = new Ground(json, chats, runs, new ChatNews(), clock, maxBodyBytes);
    chats.kept().ifPresent(kept -> kept.failUnfinished(Runs.serverEnded()));
    this.sweep = new IdleSweep(chats.temporary()::forgetIdle);
  }

  /**
   * @param problems how errors are worded
   */
  public Api api(Api.ProblemWriter problems) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new EventRoutes(ground).routes());
    routes.addAll(new ChatRoutes(ground).routes());
    routes.addAll(new TurnRoutes(ground, models).routes());
    routes.addAll(new MessageRoutes(ground).routes());
    return new Api(routes, problems);
  }

  private void ended(Order order, Message message) {
    String model = message.about().get("model") instanceof String name ? name : "";
    order
        .store()
        .changeChat(
            order.owner(),
            order.chat(),
            chat -> (model.isEmpty() ? chat : chat.withModel(model)).at(ground.clock().millis()))
        .ifPresent(chat -> ground.tell(order.owner(), chat));
  }

  /** Deletes chats that nobody has changed for long enough. */
  public Expiry expiry() {
    return (deadlines, _) ->
        vault
            .map(
                its ->
                    Map.of(
                        "chats of the pages",
                        Owners.expire(
                            its.database(), "chat", deadlines, chats.kept().get()::deleteBefore)))
            .orElse(Map.of());
  }

  /** Breaks off what is computed. */
  @Override
  public void close() {
    sweep.close();
    runs.close();
  }
}
