app_name = "giftpage"
urlpatterns = []
