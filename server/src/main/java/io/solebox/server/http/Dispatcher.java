package io.solebox.server.http;

import io.solebox.server.http.Counters.Count;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes every request through the gate to its route, and turns whatever goes wrong into an answer.
 */
final class Dispatcher extends Handler.Abstract {
  private static final String JSON = "application/json";
  private static final int LONGEST_RETRY_SECONDS = 60;

  private final RouteTable routes;
  private final Gate gate;
  private final Optional<EncryptedOnly> encryption;
  private final Exchange.Services services;
  private final Set<Exchange> live;
  private final Faults faults;

  /**
   * @param encryption where TLS is spoken
   * @param live gets the exchanges that are being answered
   */
  Dispatcher(
      RouteTable routes,
      Gate gate,
      Optional<EncryptedOnly> encryption,
      Exchange.Services services,
      Set<Exchange> live,
      Faults faults) {
    this.routes = routes;
    this.gate = gate;
    this.encryption = encryption;
    this.services = services;
    this.live = live;
    this.faults = faults;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    services.counters().add(Count.REQUESTS);
    Exchange exchange = new Exchange(request, response, services);
    exchange.setHeader(RequestIds.HEADER, exchange.id()); // as OpenAI's clients look for it
    exchange.setHeader("Request-Id", exchange.id()); // as Anthropic's do
    SafeHeaders.put(exchange);
    encryption.ifPresent(only -> only.putHeaders(exchange));
    live.add(exchange);
    try {
      answer(exchange);
      callback.succeeded();
    } catch (ClientGoneException e) {
      services.counters().add(Count.CLIENTS_GONE);
      exchange
          .peer()
          .endPoint()
          .close(
              new EofException("gone")); // else Jetty would try to say that something is wrong here
      callback.failed(new EofException("gone"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } finally {
      live.remove(exchange);
      exchange.over();
      services.observers().ended(exchange.summary());
    }
    return true;
  }

  private void answer(Exchange exchange) throws InterruptedException {
    RouteTable.Target target = routes.find(exchange.method(), exchange.path(), exchange::hasHeader);
    answer(exchange, target.api(), () -> pass(exchange, target));
  }

  /** What is done for a request. */
  private interface Work {
    void run() throws InterruptedException;
  }

  /** What {@code work} throws becomes the answer. */
  private void answer(Exchange exchange, Api api, Work work) throws InterruptedException {
    try {
      work.run();
    } catch (ClientGoneException e) {
      throw e;
    } catch (InterruptedException e) {
      if (!exchange.tookTooLong()) {
        throw e;
      }
      refuse(exchange, api, exchange.cancelled()); // before anything was registered that ends it
    } catch (RuntimeException | Error e) {
      refuse(exchange, api, e);
    }
  }

  private void refuse(Exchange exchange, Api api, Throwable why) throws InterruptedException {
    Problem problem = faults.problem(why, "", exchange.id());
    if (exchange.stream().filter(EventStream::isOpen).isPresent()) {
      // It was begun while the model was loaded, and the status is sent.
      exchange.notes().failed(problem.code());
      try (EventStream out = exchange.stream().get()) {
        api.problems().breakOff(problem, exchange.id(), out);
      }
      return;
    }
    if (exchange.isCommitted()) {
      throw new ClientGoneException(); // what was begun cannot be taken back, only broken off
    }
    send(exchange, api, problem);
  }

  private void pass(Exchange exchange, RouteTable.Target target) throws InterruptedException {
    exchange.peer().requireClear();
    if (encryption.filter(only -> only.turnsAway(exchange)).isPresent()) {
      return;
    }
    gate.checkOrigin(exchange, target.permission());
    if (Gate.isPreflight(exchange) && gate.isForeign(exchange)) {
      Gate.answerPreflight(exchange);
      return;
    }
    gate.checkPermission(exchange, target.permission());
    switch (target) {
      case RouteTable.Found(Api api, Route route, Map<String, String> values) ->
          run(exchange, api, route, values);
      case RouteTable.OtherMethod(_, _, String allow) -> {
        exchange.setHeader("Allow", allow);
        throw Problem.wrongMethod(exchange.method(), exchange.path(), allow);
      }
      case RouteTable.Unknown(_, String suggestion) ->
          throw Problem.unknownRoute(exchange.method(), exchange.path(), suggestion);
    }
  }

  private void run(Exchange exchange, Api api, Route route, Map<String, String> values)
      throws InterruptedException {
    exchange.found(api, route, values);
    if (route.limits().whileDraining()) {
      route.handler().handle(exchange);
      return;
    }
    try (Registration _ = services.inFlight().begin()) {
      // Here already, so that a server that ends waits until refusals are written too.
      answer(exchange, api, () -> route.handler().handle(exchange));
    }
  }

  private static void adviseToReturn(Exchange exchange, int seconds) {
    exchange.setHeader("Retry-After", Integer.toString(seconds));
    if (seconds > LONGEST_RETRY_SECONDS) {
      // OpenAI's and Anthropic's clients pass over such a long wait, and would ask again at once.
      exchange.setHeader("x-should-retry", "false");
    }
  }

  private static AuditTrail.Refused refused(Exchange exchange, Problem problem) {
    String key = Gate.credential(exchange).map(Credential::shown).orElse("");
    return new AuditTrail.Refused(exchange.caller(), exchange.peer().host(), key, problem.code());
  }

  private void send(Exchange exchange, Api api, Problem problem) throws InterruptedException {
    exchange.notes().failed(problem.code());
    if (problem.status() == 401 || problem.status() == 403) {
      services.audit().refused(refused(exchange, problem));
    }
    if (problem.status() == 401) {
      exchange.setHeader("WWW-Authenticate", "Bearer");
    }
    problem.retryAfterSeconds().ifPresent(seconds -> adviseToReturn(exchange, seconds));
    exchange.send(problem.status(), JSON, api.problems().write(problem, exchange.id()));
    exchange.linger();
  }
}
