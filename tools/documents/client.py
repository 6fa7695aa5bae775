"""Calls a server, and reads its answers with the types that were made from its OpenAPI document."""
import json
import sys
import urllib.error
import urllib.request

import callboard_types as types

url, token = sys.argv[1:]


def call(method, path, body=None):
    request = urllib.request.Request(
        url + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


episode = types.EpisodeBody(title="Dead Reckoning", air_date=None, categories=None, description=None, episode_number=None,
                            season_number=None, show_id=None, status=None, thumbnail_url=None)
_, answer = call("POST", "/api/v1/episodes", {k: v for k, v in episode.to_dict().items() if v is not None})
created = types.DataEpisodeView.from_dict(answer)
_, answer = call("GET", "/api/v1/episodes")
page = types.PageEpisodeView.from_dict(answer)
status, answer = call("POST", "/api/v1/episodes", {"title": ""})
problem = types.Problem.from_dict(answer)
print(f"{created.message}: {created.data.title}, {created.data.status.value}; {len(page.data)} in the list; {status} {problem.errors[0].field}")
