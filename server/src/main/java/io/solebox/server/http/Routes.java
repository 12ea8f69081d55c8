package io.solebox.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.error.ApiError;
import io.solebox.server.openai.AnswerRequest;
import io.solebox.server.openai.ChatFormat;
import io.solebox.server.openai.ChatRequests;
import io.solebox.server.openai.CompletionFormat;
import io.solebox.server.openai.CompletionRequests;
import io.solebox.server.openai.Models;
import java.time.Clock;

/** Every path of the server and what answers there. */
final class Routes {
  private final JsonWriter json;
  private final Clock clock;
  private final Bodies bodies;
  private final Answers answers;
  private final InFlight inFlight;
  private final Models models;
  private final ChatRequests chats;
  private final CompletionRequests completions;

  Routes(
      JsonWriter json,
      Clock clock,
      Bodies bodies,
      Answers answers,
      InFlight inFlight,
      Models models) {
    this.json = json;
    this.clock = clock;
    this.bodies = bodies;
    this.answers = answers;
    this.inFlight = inFlight;
    this.models = models;
    this.chats = new ChatRequests(models, clock);
    this.completions = new CompletionRequests(models);
  }

  void register(HttpRouting.Builder routing) {
    for (WebPage page : WebPage.values()) {
      only(routing, Method.GET, page.path(), (_, response) -> page.send(response));
    }
    only(routing, Method.GET, "/health", (_, response) -> health(response));
    only(routing, Method.GET, "/v1/models", (_, response) -> send(response, models.list()));
    only(routing, Method.GET, "/v1/models/{+name}", this::model);
    only(routing, Method.POST, "/v1/chat/completions", this::chat);
    only(routing, Method.POST, "/v1/completions", this::completion);
    routing.any(
        (request, _) -> {
          throw ApiError.unknownRoute(request.prologue().method().text(), request.path().path());
        });
  }

  /** One method at one path; the others are refused by name. */
  private static void only(
      HttpRouting.Builder routing, Method method, String path, Handler handler) {
    routing.route(method, path, handler);
    routing.any(
        path,
        (request, response) -> {
          response.header(HeaderNames.ALLOW, method.text());
          throw ApiError.wrongMethod(request.prologue().method().text(), request.path().path());
        });
  }

  private void health(ServerResponse response) {
    Models.Health health = models.health(inFlight.draining());
    response.status(health.ok() ? 200 : 503);
    send(response, health.body());
  }

  private void model(ServerRequest request, ServerResponse response) {
    send(response, models.one(request.path().pathParameters().get("name")));
  }

  private void chat(ServerRequest request, ServerResponse response) {
    AnswerRequest answer = chats.read(bodies.readObject(request, response));
    answers.answer(answer, new ChatFormat(json, answer, clock), response);
  }

  private void completion(ServerRequest request, ServerResponse response) {
    AnswerRequest answer = completions.read(bodies.readObject(request, response));
    answers.answer(answer, new CompletionFormat(json, answer, clock), response);
  }

  private void send(ServerResponse response, Object body) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(json.bytes(body));
  }
}
