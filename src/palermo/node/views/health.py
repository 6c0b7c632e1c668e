"""Whether the node lives, and whether it can serve."""

from django.http import HttpRequest, JsonResponse

from palermo.node import readiness


def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; it touches nothing else."""
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when every need of the node is met, else 503 with those that are not."""
    checks = readiness.checks()
    failing = [check.name for check in checks if not check.passed]
    return JsonResponse(
        {"status": "failing" if failing else "ready", "failing": failing}, status=503 if failing else 200
    )
