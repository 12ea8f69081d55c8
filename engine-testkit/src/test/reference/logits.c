/*
 * The second opinion: llama.cpp's own answers to one prompt, in f32 wherever it lets us choose.
 *
 * usage: logits MODEL BACKENDS KIND POOLING CONTEXT < ids > answers
 *   BACKENDS folder of the ggml-cpu libraries
 *   KIND     logits: [T, V]; hidden: [T, E]; score: [outputs]
 *   ids      int32, answers: float32, both in this machine's byte order
 */
#include "ggml-backend.h"
#include "llama.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level == GGML_LOG_LEVEL_ERROR) {
    fputs(text, stderr);
  }
}

int main(int argc, char **argv) {
  if (argc != 6) {
    return 2;
  }
  int hidden = strcmp(argv[3], "hidden") == 0;
  int score = strcmp(argv[3], "score") == 0;
  static int32_t ids[4096];
  int count = (int)fread(ids, sizeof *ids, 4096, stdin);

  llama_log_set(quiet, NULL);
  ggml_backend_load_all_from_path(argv[2]);
  struct llama_model_params mp = llama_model_default_params();
  struct llama_model *model = llama_model_load_from_file(argv[1], mp);
  if (!model) {
    return 3;
  }
  struct llama_context_params cp = llama_context_default_params();
  cp.n_ctx = (uint32_t)atoi(argv[5]);
  cp.n_batch = cp.n_ubatch = 512;
  cp.n_threads = cp.n_threads_batch = 1;
  cp.type_k = cp.type_v = GGML_TYPE_F32;
  cp.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  cp.embeddings = hidden || score;
  cp.pooling_type = score ? LLAMA_POOLING_TYPE_RANK : hidden ? LLAMA_POOLING_TYPE_NONE : cp.pooling_type;
  struct llama_context *context = llama_init_from_model(model, cp);
  if (!context) {
    return 4;
  }
  struct llama_batch batch = llama_batch_init(count, 0, 1);
  batch.n_tokens = count;
  for (int i = 0; i < count; i++) {
    batch.token[i] = ids[i];
    batch.pos[i] = i;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = 0;
    batch.logits[i] = 1;
  }
  if (llama_decode(context, batch) != 0) {
    return 5;
  }
  if (score) {
    float *out = llama_get_embeddings_seq(context, 0);
    fwrite(out, sizeof *out, llama_model_n_cls_out(model), stdout);
    return 0;
  }
  int width = hidden ? llama_model_n_embd(model) : llama_vocab_n_tokens(llama_model_get_vocab(model));
  for (int i = 0; i < count; i++) {
    float *out = hidden ? llama_get_embeddings_ith(context, i) : llama_get_logits_ith(context, i);
    fwrite(out, sizeof *out, (size_t)width, stdout);
  }
  return 0;
}
