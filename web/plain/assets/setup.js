"use strict";

const form = document.getElementById("form");
const message = document.getElementById("message");

function explain(problem) {
  const fields = (problem.errors || []).map((e) => `${e.field || ""} ${e.message}`.trim());
  return fields.length > 0 ? fields.join("; ") : problem.detail || "That did not work.";
}

async function submit(event) {
  event.preventDefault();
  message.textContent = "…";
  const fields = Object.fromEntries(new FormData(form));
  fields.token = new URLSearchParams(location.search).get("token") || "";
  try {
    const response = await fetch("api/v1/auth/setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (response.ok) {
      location.replace("./");
      return;
    }
    message.textContent = explain(await response.json());
  } catch {
    message.textContent = "The server does not answer.";
  }
}

form.addEventListener("submit", submit);
