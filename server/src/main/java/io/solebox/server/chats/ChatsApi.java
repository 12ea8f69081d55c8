package io.solebox.server.chats;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.run.Runs;
import io.solebox.server.chats.run.Titles;
import io.solebox.server.chats.store.AgentStore;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Notes;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.chats.store.Shares;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.People;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.Lookup;
import io.solebox.server.models.Estimates;
import io.solebox.server.models.Models;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Owners;
import io.solebox.server.tools.Approvals;
import io.solebox.server.tools.Toolbox;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The chats of the pages: what is said in them, and the answers that the server computes. */
public final class ChatsApi implements AutoCloseable {
  private final Models models;
  private final Optional<Vault> vault;
  private final Estimates estimates;
  private final Chats chats;
  private final Runs runs;
  private final Ground ground;
  private final NoteRoutes notes;
  private final ShareRoutes shares;
  private final AskedReader asked;
  private final Beginnings beginnings;
  private final Optional<Agents> agents;
  private final Titles titles;
  private final IdleSweep sweep;

  /**
   * @param asks reads what is asked of models, as {@code /v1/chat/completions} does
   * @param callers by what is kept for them
   * @param people with whom chats can be shared
   * @param observers hear of answers
   * @param vault empty where nothing may be kept
   * @param lookup of passages of documents
   * @param toolbox what models can have done
   * @param approvals what people need not be asked about
   * @param estimates of what loading models would mean
   */
  public ChatsApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Faults faults,
      Observers observers,
      Runs.Asks asks,
      Function<String, Caller> callers,
      People people,
      Optional<Vault> vault,
      Lookup lookup,
      Toolbox toolbox,
      Approvals approvals,
      Estimates estimates) {
    this.models = models;
    this.estimates = estimates;
    this.vault = vault;
    this.chats = new Chats(vault.map(SealedChats::new), clock);
    this.runs = new Runs(models, faults, observers, asks, this::ended);
    this.ground = new Ground(json, chats, runs, new ChatNews(), clock, maxBodyBytes);
    this.notes = new NoteRoutes(ground, vault.map(Notes::new));
    this.shares = new ShareRoutes(ground, vault.map(Shares::new), people);
    this.asked = new AskedReader(ground, notes::persona, lookup, toolbox, approvals);
    this.beginnings = new Beginnings(ground, models, this::bounded);
    this.agents =
        vault.map(
            v -> new Agents(ground, models, asked, beginnings, new AgentStore(v), callers, faults));
    this.titles = new Titles(runs, models, asks, faults, callers, this::titled);
    chats.kept().ifPresent(kept -> kept.failUnfinished(Runs.serverEnded()));
    this.sweep =
        new IdleSweep(
            () -> {
              chats.forgetIdle();
              runs.forgetOld();
            });
  }

  /** Goes on with tasks that the end of an earlier server has broken off. */
  public void start() {
    if (vault.filter(its -> its.database().leadership().isOurs()).isPresent()) {
      agents.ifPresent(Agents::goOnAll);
    }
  }

  private Order.Asking bounded(String owner, String chat, Message answer, Order.Asking asking) {
    return agents.map(all -> all.bounded(owner, chat, answer, asking)).orElse(asking);
  }

  /**
   * @param problems how errors are worded
   */
  public Api api(Api.ProblemWriter problems) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new EventRoutes(ground).routes());
    routes.addAll(new FindRoutes(ground).routes());
    routes.addAll(new ModelRoutes(ground, models, estimates).routes());
    routes.addAll(new ExchangeRoutes(ground).routes());
    routes.addAll(notes.routes());
    routes.addAll(shares.routes());
    routes.addAll(new ChatRoutes(ground).routes());
    routes.addAll(new TurnRoutes(ground, asked, beginnings).routes());
    routes.addAll(new CallRoutes(ground, asked, beginnings).routes());
    routes.addAll(new AgentRoutes(ground, asked, agents).routes());
    routes.addAll(new MessageRoutes(ground).routes());
    return new Api(routes, problems);
  }

  private void ended(Order order, Message message) {
    agents.ifPresent(all -> all.ended(order));
    String model = message.about().get("model") instanceof String name ? name : "";
    order
        .store()
        .changeChat(
            order.owner(),
            order.chat(),
            chat -> (model.isEmpty() ? chat : chat.withModel(model)).at(ground.clock().millis()))
        .ifPresent(
            chat -> {
              ground.tell(order.owner(), chat);
              if (chat.titled() == TitledBy.NOBODY && message.state() == Message.State.DONE) {
                wantTitle(order, model, message);
              }
            });
  }

  private void wantTitle(Order order, String model, Message message) {
    Optional<Message> question =
        message.parent().flatMap(id -> order.store().message(order.owner(), order.chat(), id));
    if (question.isPresent() && notes.wantsTitles(order.owner())) {
      titles.want(
          new Titles.Wanted(
              order.owner(),
              order.store(),
              order.chat(),
              model,
              question.get().text(),
              message.text()));
    }
  }

  /** A title that a person has set meanwhile stays. */
  private void titled(Titles.Wanted wanted, String title) {
    wanted
        .store()
        .changeChat(
            wanted.owner(),
            wanted.chat(),
            chat -> chat.titled() == TitledBy.PERSON ? chat : chat.withTitle(title, TitledBy.MODEL))
        .ifPresent(chat -> ground.tell(wanted.owner(), chat));
  }

  /** Deletes chats that nobody has changed for long enough. */
  public Expiry expiry() {
    return (deadlines, _) ->
        vault
            .map(
                its ->
                    Map.of(
                        "chats of the pages",
                        Owners.expire(its.database(), "chat", deadlines, chats::deleteBefore)))
            .orElse(Map.of());
  }

  /** Breaks off what is computed. */
  @Override
  public void close() {
    agents.ifPresent(Agents::close);
    sweep.close();
    titles.close();
    runs.close();
    chats.close();
  }
}
